using ImageEditor.Tests.Hosting.Support;

namespace ImageEditor.Tests.Hosting.Model;

/// <summary>A mistake in the model fails at start, with a message that names the culprit.</summary>
public sealed class BadModelTests
{
    [Fact]
    public Task AddResource_NameTwice_Names() => FailsAsync(["store-a"], builder =>
    {
        builder.AddRedis("store-a");
        builder.AddService("STORE-A");
    });

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a_b")]
    [InlineData("a--b")]
    [InlineData("a-")]
    [InlineData("ä")]
    public async Task AddResource_BadName_Names(string name)
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => TestApplication.StartAsync(builder => builder.AddService(name), Models.Empty));
        Assert.Contains($"'{name}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task WithReference_ToNothing_NamesBoth() => FailsAsync(["'front'", "'ghost'"], builder =>
        builder.AddService("front").WithReference(builder.CreateResourceBuilder(new ProjectResource("ghost"))));

    [Fact]
    public Task WithReference_ToAnEndpointThatIsNotThere_Names() => FailsAsync(["'front'", "'back'", "'admin'"], builder =>
        builder.AddService("front").WithReference(builder.AddService("back").GetEndpoint("admin")));

    [Fact]
    public Task WithEnvironment_ExpressionOverAnEndpointThatIsNotThere_Names() => FailsAsync(["'front'", "'back'", "'admin'"], builder =>
        builder.AddService("front").WithEnvironment("X", $"at {builder.AddService("back").GetEndpoint("admin")}"));

    [Fact]
    public Task WithHttpEndpoint_OnePortTwice_NamesPortAndBoth() => FailsAsync(["18099", "'one'", "'two'"], builder =>
    {
        builder.AddService("one").WithHttpEndpoint(port: 18099, name: "fixed");
        builder.AddService("two").WithHttpEndpoint(port: 18099, name: "fixed");
    });

    [Fact]
    public Task WithHttpEndpoint_OneNameTwice_Names() => FailsAsync(["'one'", "'http'"], builder => builder.AddService("one").WithHttpEndpoint());

    [Fact]
    public Task WithReplicas_OnAFixedPort_Names() => FailsAsync(["'one'", "18098"], builder =>
        builder.AddService("one").WithHttpEndpoint(port: 18098, name: "fixed").WithReplicas(2));

    [Fact]
    public Task WithHttpEndpoint_PortAndAnotherTargetPort_Names() => FailsAsync(["'one'", "18098", "18097"], builder =>
        builder.AddService("one").WithHttpEndpoint(port: 18098, targetPort: 18097, name: "fixed"));

    [Fact]
    public Task AddParameter_WithoutValue_NamesParameterAndKey() => FailsAsync(["'word'", "Parameters:word"], builder =>
        builder.AddService("one").WithEnvironment("WORD", builder.AddParameter("word")));

    [Fact]
    public Task AddConnectionString_WithoutValue_NamesIt() => FailsAsync(["ConnectionStrings:outside"], builder =>
        builder.AddService("one").WithReference(builder.AddConnectionString("outside")));

    [Fact]
    public Task WaitFor_Itself_Names() => FailsAsync(["'one'", "itself"], builder =>
    {
        var one = builder.AddService("one");
        one.WaitFor(one);
    });

    [Fact]
    public Task WaitFor_InACircle_NamesAll() => FailsAsync(["'one' -> 'two' -> 'three' -> 'one'"], builder =>
    {
        var one = builder.AddService("one");
        var three = builder.AddService("three").WaitFor(one);
        one.WaitFor(builder.AddService("two").WaitFor(three));
    });

    [Fact]
    public Task WithHttpHealthCheck_OnAnEndpointThatIsNotThere_Names() => FailsAsync(["'one'", "'admin'"], builder =>
        builder.AddService("one").WithHttpHealthCheck("/health", endpointName: "admin"));

    [Fact]
    public Task AddResource_NamedAsAReplica_Names() => FailsAsync(["'one-1'", "'one'"], builder =>
    {
        builder.AddService("one").WithReplicas(2);
        builder.AddService("one-1");
    });

    [Fact]
    public Task Start_InPublishMode_SaysWhatToDo() => FailsAsync(["AspirePackages"], builder => builder.AddService("one"), "--publisher=manifest");

    private static async Task FailsAsync(string[] words, Action<IDistributedApplicationTestingBuilder> describe, params string[] args)
    {
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => TestApplication.StartAsync(describe, [Models.Empty, .. args]));
        Assert.All(words, word => Assert.Contains(word, exception.Message, StringComparison.OrdinalIgnoreCase));
    }
}
