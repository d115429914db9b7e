using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ImageEditor.JobManager.Tests.Jobs;

public sealed class DescriptorTests(StoreServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Descriptor_KeptAtOneReplica_IsReadAtAnotherUntilTheNext(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var store = await TestStore.OpenAsync(server);
        await using var first = await JobManagerProcess.StartAsync(server);
        await using var second = await JobManagerProcess.StartAsync(server);

        foreach (var title in (string[])["Contrast", "Kontrast \u00e4"])
        {
            Assert.Equal(HttpStatusCode.NoContent, await KeepAsync(first, "contrast", new { name = "contrast", title }));

            var kept = await second.Http.GetFromJsonAsync<Dictionary<string, JsonElement>>("/descriptors", Cancellation);
            Assert.Equal(title, kept!["contrast"].GetProperty("title").GetString());
        }

        Assert.Equal(HttpStatusCode.BadRequest, await KeepAsync(first, "Contrast", new { }));
        Assert.Equal(HttpStatusCode.BadRequest, await KeepAsync(first, "contrast", "text"));
        Assert.Equal(HttpStatusCode.BadRequest, await KeepAsync(first, "contrast", new { title = new string('x', 1 << 20) }));
    }

    private static async Task<HttpStatusCode> KeepAsync(JobManagerProcess jobManager, string converter, object descriptor)
    {
        using var response = await jobManager.Http.PutAsJsonAsync($"/descriptors/{converter}", descriptor, Cancellation);
        return response.StatusCode;
    }
}
