using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>Concurrent and aborted requests.</summary>
public sealed class ConcurrencyTests
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_MoreAtOnceThanSlots_Is503AndNothingBreaks(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 2);
        var small = ConverterUnderTest.Named(name).SmallPicture;
        var expected = await process.Client.ConvertedAsync(small);

        using (var occupied = await OccupiedSlots.AllAsync(process.Client, slots: 2, small))
        {
            var refused = await process.Client.ConvertAsync(small);
            refused.MustBeProblem(HttpStatusCode.ServiceUnavailable, "full");
            Assert.True(refused.RetryAfter >= TimeSpan.FromSeconds(1));
            Assert.All(await AtOnceAsync(process.Client, small), answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));

            Assert.All(await occupied.ReleaseAsync(), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        }

        Assert.All(
            await AtOnceAsync(process.Client, small),
            answer => Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable || answer.Body.SequenceEqual(expected), answer.Text));
        Assert.Equal(expected, await process.Client.ConvertedAsync(small));
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_CallerAbortsWhileSending_FreesTheSlot(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 1);
        using var occupied = await OccupiedSlots.AllAsync(process.Client, slots: 1, ConverterUnderTest.Named(name).SmallPicture);

        await occupied.AbortAsync();

        await AbortedWork.MustBecomeFreeAsync(process.Client, ConverterUnderTest.Named(name).SmallPicture);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_CallerAbortsWhileConverting_StopsTheWork(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 1);

        await AbortedWork.MustEndAsync(
            process, GeneratedImages.Large(ConverterUnderTest.Named(name).SlowPixels), GeneratedImages.Small("png"), "format=png");
    }

    private static Task<ConverterResponse[]> AtOnceAsync(ConverterClient client, byte[] image) =>
        Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.ConvertAsync(image)));
}
