using System.Net.Http.Json;
using System.Text.Json;

namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>What a converter said of itself is known after it has gone, also to a process that never met it.</summary>
public sealed class KeptDescriptorTests
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Descriptor_OfAConverterThatIsGone_IsTakenOverByTheNextProcess()
    {
        await using var queue = await FakeQueue.StartAsync();
        await using var program = await FakeProgram.StartAsync("gone", slots: 1);
        await using (await ConvertingServer.StartAsync(queue, program))
        {
            await UntilAsync("the descriptor is kept", () => Task.FromResult(queue.Descriptors.Contains("gone")));
        }

        await program.KillAsync();
        await using var server = await ConvertingServer.StartAsync(queue, program);
        using var client = server.CreateClient();

        await UntilAsync("it is listed as down", async () =>
            (await client.GetFromJsonAsync<JsonElement>("/api/converters")).EnumerateArray().Any(converter =>
                converter.GetProperty("name").GetString() == "gone" && !converter.GetProperty("up").GetBoolean()));

        await program.StartAsync();
        var job = queue.Add("gone");
        await UntilAsync("its job is done", () => Task.FromResult(queue.IsDone(job)));
    }

    [Fact]
    public async Task Descriptor_ThatIsRefused_HoldsUpNoOtherAndIsNotHandedInAgain()
    {
        await using var queue = await FakeQueue.StartAsync();
        queue.RefusedDescriptors["a-refused"] = 0;

        // Converters are gone through by name, and the second one comes up after the first one's refusal.
        await using var refused = await FakeProgram.StartAsync("a-refused", slots: 1);
        await using var other = await FakeProgram.StartAsync("b-other", slots: 1);
        await other.KillAsync();
        await using var server = await ConvertingServer.StartAsync(queue, refused, other);
        await UntilAsync("the descriptor is refused", () => Task.FromResult(queue.RefusedDescriptors["a-refused"] > 0));

        await other.StartAsync();

        await UntilAsync("the other one's is kept", () => Task.FromResult(queue.Descriptors.Contains("b-other")));
        Assert.Equal(1, queue.RefusedDescriptors["a-refused"]);
        Assert.DoesNotContain("a-refused", queue.Descriptors);
        var job = queue.Add("a-refused");
        await UntilAsync("its job is done while it is there", () => Task.FromResult(queue.IsDone(job)));
    }

    private static Task UntilAsync(string what, Func<Task<bool>> condition) =>
        Until.TrueAsync(what, TestTimeout, condition, TestContext.Current.CancellationToken);
}
