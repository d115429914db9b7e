using System.Diagnostics;
using System.Net;
using ImageEditor.AppHost.Tests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.AppHost.Tests;

/// <summary>The whole system as a person starts it: what is left when it ends, in whatever way, and what the next start finds.</summary>
[Collection(nameof(WholeSystem))]
public sealed class AppHostProcessTests(ITestOutputHelper output)
{
    // The promise is 10 s; a test allows three times its value.
    private static readonly TimeSpan OrphanLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_WithAConversionUnderWay_LeavesNothing_AndTheNextStartKnowsAccountsPicturesAndTheJob()
    {
        using var data = new TemporaryFolder();
        Account account;
        string saved;
        string waiting;
        await using (var first = AppHostProcess.Start(data.Path))
        {
            await first.HealthyAsync();
            Assert.Contains("Page: " + first.Page.OriginalString, first.Output, StringComparison.Ordinal);
            Assert.Contains("/openapi/", first.Output, StringComparison.Ordinal);
            Assert.Contains("/login?t=", first.Output, StringComparison.Ordinal);
            using var client = Client(first);
            account = await client.SignUpAsync(Cancel);
            saved = await client.SubmitAsync("converter=contrast", Pictures.Png(64, 48), Cancel);
            await client.WaitForPictureAsync(saved, Cancel);

            await RefusesAnotherOnItsPortAsync(first);
            ShowsNoSecret(first, data.Path);

            waiting = await client.SubmitAsync("converter=deepdream&octaves=6&steps=40", Photos.Read("rocket.jpg"), Cancel);
            await client.WaitUntilRunningAsync(waiting, Cancel);
            var clock = Stopwatch.StartNew();
            first.Kill();
            await Until.TrueAsync("no child is left", OrphanLimit, () => Task.FromResult(first.Descendants().Count == 0), Cancel);
            output.WriteLine($"Nothing was left {clock.Elapsed.TotalSeconds:0.0} s after the kill.");
        }

        await using var second = AppHostProcess.Start(data.Path);
        await second.HealthyAsync();
        using var again = Client(second);
        var tokens = await again.SignInAsync(account, Cancel);
        again.Use(tokens.AccessToken);
        await again.WaitForPictureAsync(saved, Cancel);
        Assert.Equal(HttpStatusCode.OK, (await again.WaitForEndAsync(waiting, Cancel)).Status);

        var waiter = await WaitForARunningJobAsync(again);
        var stopping = Stopwatch.StartNew();
        second.Interrupt();
        var answer = await waiter;
        output.WriteLine($"Who waited was answered {stopping.Elapsed.TotalSeconds:0.0} s after the interrupt.");

        // 503 where the orchestrator's proxy is gone before the conversion manager has answered.
        Assert.True(
            answer.Status is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable, $"{answer.Status}, while it said:\n{second.Output}");
        await second.ExitedAsync(StopLimit);
        output.WriteLine($"It ended {stopping.Elapsed.TotalSeconds:0.0} s after the interrupt.");
        Assert.Equal(0, second.ExitCode);
        await Until.TrueAsync("no child is left", OrphanLimit, () => Task.FromResult(second.Descendants().Count == 0), Cancel);
    }

    private static ImageEditorClient Client(AppHostProcess host) => new(new HttpClient { BaseAddress = host.Page });

    /// <summary>Hands in a picture for longer than anybody waits.</summary>
    /// <returns>The wait for the job, which runs.</returns>
    private static async Task<Task<Answer>> WaitForARunningJobAsync(ImageEditorClient client)
    {
        const string query = "converter=deepdream&octaves=8&steps=40";

        // Of some megapixels: minutes of work, so that it cannot end before the system does.
        var (picture, key) = (Photos.Read("flower.png.im_q85_420_progr.jpg"), Guid.NewGuid().ToString("N"));
        var job = await client.SubmitUntilAcceptedAsync(query, picture, key, Cancel);
        await client.WaitUntilRunningAsync(job, Cancel);
        return client.SubmitAndWaitAsync(query, picture, "wait=30", key, Cancel);
    }

    private static async Task RefusesAnotherOnItsPortAsync(AppHostProcess running)
    {
        using var data = new TemporaryFolder();
        await using var second = running.StartOnSamePort(data.Path);
        await second.ExitedAsync(OrphanLimit);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains(
            $"Port {running.Page.Port} of resource 'gateway' (endpoint 'http') is in use", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
    }

    private static void ShowsNoSecret(AppHostProcess host, string data)
    {
        var secrets = Directory.GetFiles(Path.Combine(data, "secrets")).Select(File.ReadAllText).ToList();
        Assert.Equal(4, secrets.Count);
        Assert.All(secrets, secret =>
        {
            Assert.DoesNotContain(secret, host.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(host.Descendants().Values, command => command.Contains(secret, StringComparison.Ordinal));
        });
    }
}
