using System.Diagnostics;
using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Heic;

/// <summary>Decoding is in a thread of its own, which ends at the time limit, with its caller, and after so many pictures.</summary>
public sealed class HeicDecodingTests
{
    /// <summary>
    /// Bytes that the largest picture may take: its colours, as decoded and as pixels of 3 bytes, its copy in the process, and its PNG.
    /// </summary>
    private const long MostMemory = 1_200L << 20;

    /// <summary>Three times what an answer takes, on a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    /// <summary>A module that collects garbage all the time: a time limit that nothing but its own waiting holds does not survive it.</summary>
    private static readonly string GarbageCollected = "data:text/javascript," + Uri.EscapeDataString("""
        import { setFlagsFromString } from 'node:v8';
        import { runInNewContext } from 'node:vm';
        setFlagsFromString('--expose-gc');
        setInterval(runInNewContext('gc'), 50).unref();
        """);

    private static readonly Lazy<byte[]> FortyMegapixels = new(() => HandmadeHeic.OfTiles(7, 6));

    [Fact]
    public async Task Convert_LargestPicture_IsAnsweredWithinMemoryAndTheProcessIsAliveMeanwhile()
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named("heic"), slots: 1);
        await process.Client.ConvertedAsync(HandmadeHeic.Small);
        var file = FortyMegapixels.Value;

        var call = process.Client.ConvertAsync(file);
        var answers = 0;
        while (!call.IsCompleted)
        {
            var start = Stopwatch.GetTimestamp();
            Assert.True(await process.Client.IsAliveAsync());
            Assert.True(Stopwatch.GetElapsedTime(start) < Soon, $"{Stopwatch.GetElapsedTime(start)} after {answers} answers");
            answers++;
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken));
        }

        var answer = await call;
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.InRange(answers, 20, int.MaxValue);
        Assert.InRange(process.PeakBytes, 0, MostMemory);
        var result = Pixels.Open(answer.Body);
        Assert.Equal((7 * 1024, 6 * 1024), (result.Width, result.Height));
    }

    [Fact]
    public async Task Convert_PastTheTimeLimit_Is504AndTheThreadEnds()
    {
        await using var process = await ConverterProcess.StartAsync(
            ConverterUnderTest.Named("heic"), slots: 1, ("Converter__TimeLimit", "00:00:01"), ("NODE_OPTIONS", $"--import {GarbageCollected}"));
        var file = FortyMegapixels.Value;

        (await process.Client.ConvertAsync(file)).MustBeProblem(HttpStatusCode.GatewayTimeout, "time-limit");

        // A thread that went on would take what it takes to the end, several seconds; and its slot is free.
        var before = process.CpuSeconds;
        await process.Client.ConvertedAsync(HandmadeHeic.Small);
        Assert.InRange(process.CpuSeconds - before, 0, 1.5);
    }

    [Fact]
    public async Task Convert_CallerAborts_StopsTheWork()
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named("heic"), slots: 1);

        await AbortedWork.MustEndAsync(process, FortyMegapixels.Value, HandmadeHeic.Small, "");
    }

    /// <summary>As a PNG it goes to the first step: what fits between two steps is its limit, whatever another result may have.</summary>
    [Fact]
    public async Task Convert_LargerThanFitsBetweenSteps_Is422ThatSaysSo()
    {
        await using var process = await ConverterProcess.StartAsync(
            ConverterUnderTest.Named("heic"), slots: 1, ("Converter__MaxStepBytes", "1000"));

        var detail = (await process.Client.ConvertAsync(HandmadeHeic.Small))
            .MustBeProblem(HttpStatusCode.UnprocessableEntity, "too-many-pixels");

        Assert.Contains("between two steps", detail, StringComparison.Ordinal);
        await process.Client.ConvertedAsync(HandmadeHeic.Small, "format=jpeg");
    }

    [Fact]
    public async Task Convert_MorePicturesThanAThreadDecodes_AreAllTheSame()
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named("heic"), slots: 2);
        var expected = await process.Client.ConvertedAsync(HandmadeHeic.Small);
        for (var i = 0; i < 60; i++)
        {
            var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => process.Client.ConvertedAsync(HandmadeHeic.Small)));
            Assert.All(both, result => Assert.Equal(expected, result));
        }
    }
}
