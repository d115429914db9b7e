using System.Net;
using ImageEditor.Tests.Contract.Converters;
using ImageEditor.Tests.Contract.Pictures;

namespace ImageEditor.Tests.Contract.Suite;

/// <summary>Concurrent and abandoned requests.</summary>
public sealed class LoadTests
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_MoreAtOnceThanSlots_Is503AndNothingBreaks(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 2);
        var (small, expected) = (Made.Small("png"), await process.Client.ConvertedAsync(Made.Small("png")));

        // A request takes its slot before its body is read, so two that stop half-way take both.
        using var first = new HeldBody(small);
        using var second = new HeldBody(small);
        var held = Task.WhenAll(process.Client.ConvertAsync(first), process.Client.ConvertAsync(second));
        var full = await FullAsync(process.Client, small);
        full.MustBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.True(full.RetryAfter >= TimeSpan.FromSeconds(1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => process.Client.ConvertAsync(small)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));

        first.Release();
        second.Release();
        Assert.All(await held, answer => Assert.Equal(expected, answer.Body));
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => process.Client.ConvertAsync(small))),
            answer => Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable || answer.Body.SequenceEqual(expected), answer.Text));
        Assert.Equal(expected, await process.Client.ConvertedAsync(small));
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_CallerHangsUpWhileSending_FreesTheSlot(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 1);
        var small = Made.Small("png");
        using var hangUp = new CancellationTokenSource();
        using var body = new HeldBody(small);
        var call = process.Client.ConvertAsync(body, hangUp: hangUp.Token);
        await FullAsync(process.Client, small);

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await FreeAsync(process.Client, small);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_CallerHangsUpWhileConverting_StopsTheWork(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 1);
        var (small, large) = (Made.Small("png"), Made.Large());
        await process.Client.ConvertedAsync(small);

        // Measured in CPU time, which other processes of a busy machine do not change: first what all of the work takes, ...
        var before = process.CpuSeconds;
        await process.Client.ConvertedAsync(large, "format=png");
        var whole = process.CpuSeconds - before;

        // ... then the same broken off after a tenth. The slot comes free when the work has ended.
        before = process.CpuSeconds;
        using var hangUp = new CancellationTokenSource();
        var call = process.Client.ConvertAsync(new ByteArrayContent(large), "format=png", hangUp: hangUp.Token);
        await Until.TrueAsync(() => Task.FromResult(process.CpuSeconds - before > 0.1 * whole));
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await FreeAsync(process.Client, small);

        Assert.InRange(process.CpuSeconds - before, 0, 0.75 * whole);
    }

    /// <summary>Asks until there is no slot left.</summary>
    private static async Task<Answer> FullAsync(ConverterClient client, byte[] small)
    {
        Answer? answer = null;
        await Until.TrueAsync(async () => (answer = await client.ConvertAsync(small)).Status == HttpStatusCode.ServiceUnavailable);
        return answer!;
    }

    /// <summary>Asks until there is a slot.</summary>
    private static Task FreeAsync(ConverterClient client, byte[] small) =>
        Until.TrueAsync(async () => (await client.ConvertAsync(small)).Status == HttpStatusCode.OK);
}
