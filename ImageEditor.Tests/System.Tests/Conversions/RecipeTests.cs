using System.Net;
using System.Text.Json;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>Several steps in one job, through the Gateway.</summary>
[Collection(nameof(RunningApp))]
public sealed class RecipeTests(RunningApp running) : IAsyncLifetime
{
    private const string Slow = """{"converter":"slow","parameters":{"ms":3000}}""";
    private const string Quick = """{"converter":"grayscale"}""";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly ImageEditorApp _app = running.App;
    private readonly ImageEditorClient _client = running.Client;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await running.RecoverAsync();

    [Fact]
    public async Task Convert_InOneJob_IsTheSameAsOneAfterTheOther()
    {
        var first = await EndAsync("converter=contrast&amount=40", Photos.Read("chelsea.png"));
        var byHand = await EndAsync("converter=pixelate&size=20", first.Body);

        var recipe = await EndAsync(
            Recipe("""{"converter":"contrast","parameters":{"amount":40}}""", """{"converter":"pixelate","parameters":{"size":20}}"""),
            Photos.Read("chelsea.png"));

        Assert.Equal((HttpStatusCode.OK, "image/png"), (recipe.Status, recipe.ContentType));
        Assert.Equal(byHand.Body, recipe.Body);
    }

    [Fact]
    public async Task Convert_AJpeg_StaysAJpeg()
    {
        var answer = await EndAsync(
            Recipe("""{"converter":"crop","parameters":{"ratio":"1:1"}}""", """{"converter":"pixelate"}""", Quick),
            Photos.Read("rocket.jpg"));

        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (answer.Status, answer.ContentType));
    }

    [Fact]
    public async Task Submit_EqualRecipesWithOneKey_MeetTheSameJob()
    {
        var (picture, key) = (Pictures.Png(8, 8), Guid.NewGuid().ToString());
        var ids = new List<string>();
        foreach (var query in (string[])
        [
            "converter=contrast&amount=40",
            Recipe("""{"converter":"contrast","parameters":{"amount":40}}"""),
            Recipe("""{ "parameters": { "amount": 4.0e1 }, "converter": "contrast" }"""),
        ])
        {
            var answer = await _client.TrySubmitAsync(query, picture, key, Cancelled);
            Assert.Equal(HttpStatusCode.Accepted, answer.Status);
            ids.Add(JsonDocument.Parse(answer.Body).RootElement.GetProperty("jobId").GetString()!);
        }

        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task Step_ThatIsWrong_IsNamedAtOnceAndOneThatRefusesInTheEnd()
    {
        var refused = await _client.TrySubmitAsync(
            Recipe(Quick, """{"converter":"contrast","parameters":{"amount":400}}"""), Pictures.Png(8, 8), cancellationToken: Cancelled);
        AssertNames(refused, HttpStatusCode.BadRequest, 1, "contrast");

        var failed = await EndAsync(
            Recipe(Quick, """{"converter":"slow","parameters":{"answer":"unprocessable"}}""", Quick), Pictures.Png(8, 8));
        AssertNames(failed, HttpStatusCode.UnprocessableEntity, 1, "slow");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Kill_TheConversionManagerInAStep_TheJobIsDoneInTheEnd(int step)
    {
        var steps = Enumerable.Range(0, 3).Select(number => number == step ? Slow : Quick).ToArray();
        var (manager, _) = await _app.WithOneConversionManagerAsync(Cancelled);
        var before = (await _app.FakeConverterCallsAsync()).Started;
        var id = await _client.SubmitAsync(Recipe(steps), Pictures.Png(64, 48), Cancelled);
        await Until.TrueAsync(
            "the slow step runs", Soon, async () => (await _app.FakeConverterCallsAsync()).Started > before, Cancelled);

        Signals.KillProcess(manager.ProcessId);

        var answer = await _client.WaitForEndAsync(id, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True((await _app.FakeConverterCallsAsync()).Started > before + 1);
    }

    private static string Recipe(params string[] steps) => "recipe=" + Uri.EscapeDataString($"[{string.Join(',', steps)}]");

    private static void AssertNames(Answer answer, HttpStatusCode status, int step, string converter)
    {
        Assert.Equal(status, answer.Status);
        var problem = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal((step, converter), (problem.GetProperty("step").GetInt32(), problem.GetProperty("converter").GetString()));
    }

    private async Task<Answer> EndAsync(string query, byte[] picture) =>
        await _client.WaitForEndAsync(await _client.SubmitAsync(query, picture, Cancelled), Cancelled);
}
