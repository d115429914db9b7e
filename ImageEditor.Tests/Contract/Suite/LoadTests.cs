using System.Net;
using ImageEditor.Tests.Contract.Converters;
using ImageEditor.Tests.Contract.Pictures;

namespace ImageEditor.Tests.Contract.Suite;

/// <summary>Concurrent and abandoned requests.</summary>
public sealed class LoadTests
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.All), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_MoreAtOnceThanSlots_Is503AndNothingBreaks(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 2);
        var (small, expected) = (Made.Small("png"), await process.Client.ConvertedAsync(Made.Small("png")));

        using (var held = await HeldSlots.AllAsync(process.Client, slots: 2))
        {
            var refused = await process.Client.ConvertAsync(small);
            refused.MustBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.True(refused.RetryAfter >= TimeSpan.FromSeconds(1));
            Assert.All(await AtOnceAsync(process.Client, small), answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));

            Assert.All(await held.ReleaseAsync(), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        }

        Assert.All(
            await AtOnceAsync(process.Client, small),
            answer => Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable || answer.Body.SequenceEqual(expected), answer.Text));
        Assert.Equal(expected, await process.Client.ConvertedAsync(small));
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.All), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_CallerHangsUpWhileSending_FreesTheSlot(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 1);
        using var held = await HeldSlots.AllAsync(process.Client, slots: 1);

        await held.HangUpAsync();

        await FreeAsync(process.Client);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_CallerHangsUpWhileConverting_StopsTheWork(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 1);
        var large = Made.Large(ConverterUnderTest.Named(name).ManyPixels);
        await process.Client.ConvertedAsync(Made.Small("png"));

        // Measured in CPU time, which other processes of a busy machine do not change: first what all of the work takes, ...
        var before = process.CpuSeconds;
        await process.Client.ConvertedAsync(large, "format=png");
        var whole = process.CpuSeconds - before;

        // ... then the same broken off after a tenth. The slot comes free when the work has ended.
        before = process.CpuSeconds;
        using var hangUp = new CancellationTokenSource();
        var call = process.Client.ConvertUntilAsync(new ByteArrayContent(large), "format=png", hangUp.Token);
        await Until.TrueAsync(() => Task.FromResult(process.CpuSeconds - before > 0.1 * whole));
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await FreeAsync(process.Client);

        Assert.InRange(process.CpuSeconds - before, 0, 0.75 * whole);
    }

    private static Task<Answer[]> AtOnceAsync(ConverterClient client, byte[] image) =>
        Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.ConvertAsync(image)));

    /// <summary>Asks until there is a slot.</summary>
    private static Task FreeAsync(ConverterClient client) =>
        Until.TrueAsync(async () => (await client.ConvertAsync(Made.Small("png"))).Status == HttpStatusCode.OK);
}
