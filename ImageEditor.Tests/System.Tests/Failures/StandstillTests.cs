using System.Net;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Failures;

/// <summary>
/// Clocks that jump, a machine that sleeps, and a store that freezes or restarts end no lease and no limit: what runs goes on, and is not
/// run again.
/// </summary>
public sealed class StandstillTests
{
    private const int Jobs = 200;

    /// <summary>Three times as long as a lease lasts without its renewal, and more.</summary>
    private static readonly TimeSpan Sleep = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["slow/Slots"] = "32",
        ["gateway/Limits__SubmissionsPerSecond"] = "1000",
        ["gateway/Limits__RequestsPerSecond"] = "1000",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, InlineData("redis"), InlineData("garnet")]
    public async Task JobsThatRunAndWait_ThroughJumpsSleepFreezeAndRestart_AreRunOnceEach(string store)
    {
        await using var app = await ImageEditorApp.StartAsync(store, Settings, cancellationToken: Cancelled);
        using var client = app.CreateClient();
        var ids = new List<string>();
        for (var number = 0; number < Jobs; number++)
        {
            ids.Add(await client.SubmitAsync("converter=slow&ms=3000", Pictures.Png(40, 30, number), Cancelled));
        }

        await AfterStartsAsync(app, 20);
        await JumpAsync(app, TimeSpan.FromHours(1));
        await AfterStartsAsync(app, 40);
        await JumpAsync(app, TimeSpan.FromHours(-1));
        await AfterStartsAsync(app, 60);
        await SleepAsync(app, "job-manager", "conversion-manager", "slow", "job-store");
        await AfterStartsAsync(app, 100);
        await SleepAsync(app, "job-store");
        await AfterStartsAsync(app, 140);
        await app.KillAsync("job-store");

        foreach (var id in ids)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.WaitForEndAsync(id, Cancelled)).Status);
        }

        var calls = await app.FakeConverterCallsAsync();
        Assert.Equal((Jobs, 0), (calls.Started, calls.Abandoned));
    }

    /// <summary>Waits until so many conversions have been started, some of which still run while the others wait.</summary>
    private static Task AfterStartsAsync(ImageEditorApp app, int count) => Until.TrueAsync(
        $"{count} conversions were started",
        Within,
        async () => (await app.FakeConverterCallsAsync()).Started >= count,
        Cancelled);

    /// <summary>Makes the store's clock jump, as seen by what was noted of it.</summary>
    private static async Task JumpAsync(ImageEditorApp app, TimeSpan time)
    {
        await using var store = await app.ConnectToStoreAsync(Cancelled);
        await store.GetDatabase().HashDecrementAsync("ie:{p0}:clock", "wall", (long)time.TotalMilliseconds);
    }

    /// <summary>Freezes all processes of resources for a while: it is the time that passes that matters.</summary>
    private static async Task SleepAsync(ImageEditorApp app, params string[] resources)
    {
        var frozen = new List<FrozenProcesses>();
        try
        {
            foreach (var resource in resources)
            {
                frozen.Add(await app.FreezeAllAsync(resource));
            }

            await Task.Delay(Sleep, Cancelled);
        }
        finally
        {
            frozen.ForEach(processes => processes.Dispose());
        }
    }
}
