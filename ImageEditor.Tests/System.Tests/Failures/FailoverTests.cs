using System.Net;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Failures;

/// <summary>A replica that is not there costs its callers nothing.</summary>
public sealed class FailoverTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_OneReplicaOfEachService_NoRequestFails()
    {
        await using var app = await ImageEditorApp.StartAsync(slowReplicas: 2, cancellationToken: Cancelled);
        using var client = app.CreateClient();
        foreach (var resource in new[] { "conversion-manager", "job-manager", "web-frontend", "slow" })
        {
            var replica = (await app.ReplicasAsync(resource))[0];
            await app.StopAsync(replica.Id, Cancelled);
            await Until.TrueAsync(
                $"one {resource} is stopped",
                TimeSpan.FromSeconds(30),
                () => Task.FromResult(app.RunningReplicas(resource).Count == 1),
                Cancelled);
        }

        for (var request = 0; request < 20; request++)
        {
            var id = await client.SubmitAsync("converter=slow&ms=0", Pictures.Png(8, 8, request), Cancelled);
            var answer = await client.GetJobAsync(id, Cancelled);
            Assert.Contains(answer.Status, new[] { HttpStatusCode.OK, HttpStatusCode.Accepted });
            using var page = await client.Http.GetAsync(new Uri("/", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.WaitForEndAsync(id, Cancelled)).Status);
        }
    }
}
