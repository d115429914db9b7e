using ImageEditor.Tests.Hosting.Support;

namespace ImageEditor.Tests.Hosting.Model;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task WithReference_ToAProjectWithReplicas_TellsEveryAddress()
    {
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                var back = builder.AddService("job-manager").WithReplicas(2).WithHttpEndpoint(name: "admin");
                builder.AddService("front").WithReference(back).WaitFor(back);
            },
            Models.Empty);
        await app.HealthyAsync("front");

        var environment = await app.EnvironmentOfAsync("front");
        var own = environment["services__job-manager__http__0"];
        Assert.Equal(app.App.GetEndpoint("job-manager", "http"), new Uri(own));
        Assert.NotEqual(own, environment["services__job-manager__http__1"]);
        Assert.Equal(own, environment["JOB_MANAGER_HTTP"]);
        Assert.StartsWith("http://127.0.0.1:", environment["services__job-manager__admin__1"], StringComparison.Ordinal);
        Assert.DoesNotContain("services__job-manager__http__2", environment.Keys);
    }

    [Fact]
    public async Task WithReference_ToOneEndpointOrAUri_TellsThatOnly()
    {
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                var back = builder.AddService("back").WithHttpEndpoint(name: "admin");
                builder.AddService("front").WithReference(back.GetEndpoint("admin")).WithReference("outside", new Uri("https://example.org/"));
            },
            Models.Empty);
        await app.HealthyAsync("front");

        var environment = await app.EnvironmentOfAsync("front");
        Assert.Equal(app.App.GetEndpoint("back", "admin"), new Uri(environment["services__back__admin__0"]));
        Assert.Equal("https://example.org/", environment["services__outside__default__0"]);
        Assert.DoesNotContain("services__back__http__0", environment.Keys);
    }

    [Fact]
    public async Task WithReference_ToAStore_TellsConnectionStringAndItsParts()
    {
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                var password = builder.AddParameter("pw", "a b/c", secret: true);
                var store = builder.AddRedis("job-store", password: password);
                builder.AddService("front").WithReference(store).WithReference(store, "other");
            },
            Models.Empty);
        await app.HealthyAsync("front");

        var environment = await app.EnvironmentOfAsync("front");
        var port = environment["JOB_STORE_PORT"];
        Assert.Equal($"127.0.0.1:{port},password=a b/c", environment["ConnectionStrings__job-store"]);
        Assert.Equal(environment["ConnectionStrings__job-store"], await app.App.GetConnectionStringAsync("job-store", TestContext.Current.CancellationToken));
        Assert.Equal("127.0.0.1", environment["JOB_STORE_HOST"]);
        Assert.Equal("a b/c", environment["JOB_STORE_PASSWORD"]);
        Assert.Equal($"redis://:a%20b%2Fc@127.0.0.1:{port}", environment["JOB_STORE_URI"]);
        Assert.Equal(environment["JOB_STORE_URI"], environment["OTHER_URI"]);
        Assert.Contains("ConnectionStrings__other", environment.Keys);
    }

    [Fact]
    public async Task WithEnvironment_EveryForm_IsResolvedForEachReplica()
    {
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                var parameter = builder.AddParameter("word");
                var service = builder.AddService("service").WithReplicas(2);
                service
                    .WithEnvironment("TEXT", "plain {braces}")
                    .WithEnvironment("WORD", parameter)
                    .WithEnvironment("OWN", service.GetEndpoint("http"))
                    .WithEnvironment("MIXED", $"{parameter}={service.GetEndpoint("http").Property(EndpointProperty.Port)}{{x}}")
                    .WithEnvironment(context => context.EnvironmentVariables["CALLED"] = context.ExecutionContext.IsRunMode.ToString())
                    .WithHttpEndpoint(name: "second", env: "SECOND_PORT")
                    .WithArgs("--one", "two words");
            },
            Models.Empty,
            "--Parameters:word=hello");
        await app.HealthyReplicaAsync("service-0");
        await app.HealthyReplicaAsync("service-1");

        var snapshot = await app.ReplicaAsync("service-1", _ => true);
        var address = new Uri(snapshot.Urls.Single(url => url.Name == "http").Url);
        using var client = new HttpClient { BaseAddress = address };
        var environment = (await client.GetFromJsonAsync<Dictionary<string, string>>("/environment", TestContext.Current.CancellationToken))!;
        Assert.Equal("plain {braces}", environment["TEXT"]);
        Assert.Equal("hello", environment["WORD"]);
        Assert.Equal(address, new Uri(environment["OWN"]));
        Assert.Equal($"hello={address.Port}{{x}}", environment["MIXED"]);
        Assert.Equal("True", environment["CALLED"]);
        Assert.Equal(snapshot.Urls.Single(url => url.Name == "second").Url, $"http://127.0.0.1:{environment["SECOND_PORT"]}");
        Assert.Equal(new List<string> { "--one", "two words" }, await client.GetFromJsonAsync<List<string>>("/args", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AddProject_SecretsInTheEnvironmentOfTheAppHost_AreNotInherited()
    {
        // Of names that nothing else in this process reads.
        Environment.SetEnvironmentVariable("Parameters__nobodys", "secret");
        Environment.SetEnvironmentVariable("ConnectionStrings__nobodys", "Password=secret");
        try
        {
            await using var app = await TestApplication.StartAsync(builder => builder.AddService("one"), Models.Empty);
            await app.HealthyAsync("one");
            Assert.DoesNotContain(await app.EnvironmentOfAsync("one"), variable => variable.Key.EndsWith("__nobodys", StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable("Parameters__nobodys", null);
            Environment.SetEnvironmentVariable("ConnectionStrings__nobodys", null);
        }
    }

    [Fact]
    public async Task AddProject_ByItself_GetsItsUrlsAndDevelopment_AndNoTelemetry()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddService("one"), Models.Empty);
        await app.HealthyAsync("one");

        var environment = await app.EnvironmentOfAsync("one");
        Assert.Equal(app.App.GetEndpoint("one"), new Uri(environment["ASPNETCORE_URLS"]));
        Assert.Equal("Development", environment["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("Development", environment["DOTNET_ENVIRONMENT"]);
        Assert.DoesNotContain(environment.Keys, name => name.StartsWith("OTEL_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AddProject_WhereTelemetryGoesSomewhere_TellsProjectsAndNotExecutables()
    {
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                builder.AddService("one").WithReplicas(2);
                builder.AddExecutable("program", "sh", ".", "-c", "env; sleep 1000");
            },
            Models.Empty,
            "--OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317",
            "--AppHost:OtlpApiKey=key",
            "--Hosting:LogDirectory=" + LogFolder());
        await app.HealthyAsync("one", "program");

        var environment = await app.EnvironmentOfAsync("one");
        Assert.Equal("http://localhost:4317", environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("grpc", environment["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("x-otlp-api-key=key", environment["OTEL_EXPORTER_OTLP_HEADERS"]);
        Assert.Equal("one", environment["OTEL_SERVICE_NAME"]);
        Assert.Equal("service.instance.id=one-0", environment["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal("in_memory", environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"]);
        Assert.Equal("1000", environment["OTEL_METRIC_EXPORT_INTERVAL"]);
        Assert.Equal("always_on", environment["OTEL_TRACES_SAMPLER"]);

        var log = Path.Combine(LogFolder(), "program-0.log");
        await Until.TrueAsync("the program has written its environment", TestApplication.Limit, () => File.Exists(log) && Read(log).Contains("PATH=", StringComparison.Ordinal));
        Assert.DoesNotContain("OTEL_", Read(log), StringComparison.Ordinal);
    }

    private static string LogFolder() => Path.Combine(AppContext.BaseDirectory, "logs");

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
