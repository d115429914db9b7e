using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Failures;

/// <summary>A converter's descriptor outlives its processes, and those of everybody who has met them.</summary>
public sealed class KeptDescriptorTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, InlineData("redis"), InlineData("garnet")]
    public async Task Converter_WithoutAProcessWhenConversionManagersStart_IsListedAsDownAndTakesJobs(string store)
    {
        await using var app = await ImageEditorApp.StartAsync(store, cancellationToken: Cancelled);
        using var client = app.CreateClient();
        await UntilListedAsync(client, up: true);
        var converter = await app.StopAllAsync("slow", Cancelled);
        await app.StartAllAsync(await app.StopAllAsync("conversion-manager", Cancelled), Cancelled);

        await UntilListedAsync(client, up: false);
        var id = await client.SubmitAsync("converter=slow&ms=1", Pictures.Png(8, 8), Cancelled);
        var refused = await client.TrySubmitAsync("converter=slow&ms=none", Pictures.Png(8, 8), cancellationToken: Cancelled);

        Assert.Equal("queued", (await client.GetStateAsync(id, Cancelled)).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        await app.StartAllAsync(converter, Cancelled);
        Assert.Equal(HttpStatusCode.OK, (await client.WaitForEndAsync(id, Cancelled)).Status);
    }

    private static Task UntilListedAsync(ImageEditorClient client, bool up) => Until.TrueAsync(
        $"every conversion manager lists it as {(up ? "up" : "down")}",
        Within,
        async () =>
        {
            // Connections are spread over the replicas.
            for (var call = 0; call < 10; call++)
            {
                using var response = await client.Http.GetAsync(new Uri("/api/converters", UriKind.Relative), Cancelled);
                if (!response.IsSuccessStatusCode
                    || !(await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).EnumerateArray().Any(converter =>
                        converter.GetProperty("name").GetString() == "slow" && converter.GetProperty("up").GetBoolean() == up))
                {
                    return false;
                }
            }

            return true;
        },
        Cancelled);
}
