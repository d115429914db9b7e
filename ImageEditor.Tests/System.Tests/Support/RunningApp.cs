using System.Net.Http.Json;
using System.Text.Json;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Support;

/// <summary>One running system, shared by the tests that leave it as it was.</summary>
public sealed class RunningApp : IAsyncLifetime
{
    public ImageEditorApp App { get; private set; } = null!;

    public ImageEditorClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await ImageEditorApp.StartAsync(allConverters: true, settings: new Dictionary<string, string>
        {
            // One address sends what many would.
            ["gateway/Limits__SubmissionsPerSecond"] = "100000",
            ["gateway/Limits__RequestsPerSecond"] = "100000",
            ["gateway/Limits__CredentialsPerMinute"] = "100000",
        });
        Client = App.CreateClient();
    }

    /// <summary>After a test that stopped parts of it: starts them, and waits until the others know that they are there.</summary>
    public async Task RecoverAsync()
    {
        await App.RecoverAsync();
        await Until.TrueAsync("every converter is up", TimeSpan.FromSeconds(30), async () =>
            (await Client.Http.GetFromJsonAsync<JsonElement>("/api/converters")).EnumerateArray()
                .All(converter => converter.GetProperty("up").GetBoolean()));
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (App is not null)
        {
            await App.DisposeAsync();
        }
    }
}

/// <summary>The tests that share one running system.</summary>
[CollectionDefinition(nameof(RunningApp))]
public sealed class SharedRunningApp : ICollectionFixture<RunningApp>;
