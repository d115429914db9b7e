using ImageEditor.ConversionManager.Attempts;

namespace ImageEditor.ConversionManager.Tests.Attempts;

/// <summary>Pictures between two steps, of which nothing may be left.</summary>
public sealed class StepPictureTests : IDisposable
{
    private const int Large = 3_000_000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory, InlineData(0), InlineData(1), InlineData(512 << 10), InlineData((512 << 10) + 1), InlineData(Large)]
    public async Task Picture_IsReadAsOftenAsItIsNeeded(int length)
    {
        var bytes = Bytes(length);

        using var picture = (await ReadAsync(new MemoryStream(bytes)))!;

        Assert.Equal(length, picture.Length);
        Assert.Equal(bytes[..Math.Min(length, 100)], picture.Head(100));
        for (var time = 0; time < 2; time++)
        {
            using var content = picture.ToContent("image/png");
            Assert.Equal(bytes, await content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    /// <summary>A process that is killed deletes nothing: there must be nothing to delete.</summary>
    [Fact]
    public async Task File_HasNoNameWhileItIsUsed()
    {
        using var picture = await ReadAsync(new MemoryStream(Bytes(Large)));

        Assert.Equal(Large, picture!.Length);

        // On Windows a file in use has a name, and goes when its handle is closed, as it is when a process ends.
        Assert.Equal(OperatingSystem.IsWindows() ? 1 : 0, _directory.GetFiles().Length);
    }

    [Fact]
    public async Task Picture_ThatIsTooLarge_IsNone()
    {
        using var whole = await StepPicture.ReadAsync(new MemoryStream(Bytes(Large)), Large, _directory.FullName, Cancellation);
        Assert.NotNull(whole);
        Assert.Null(await StepPicture.ReadAsync(new MemoryStream(Bytes(Large)), Large - 1, _directory.FullName, Cancellation));
        Assert.Null(await StepPicture.ReadAsync(new MemoryStream(Bytes(100)), 99, _directory.FullName, Cancellation));
    }

    [Fact]
    public async Task Fault_OfTheDisk_IsToldFromOneOfTheConverter()
    {
        _directory.Delete();
        try
        {
            await Assert.ThrowsAsync<StepNotStoredException>(() => ReadAsync(new MemoryStream(Bytes(Large))));
        }
        finally
        {
            _directory.Create();
        }

        await using var broken = new BrokenStream();
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(broken));
        Assert.Empty(_directory.GetFiles());
    }

    private Task<StepPicture?> ReadAsync(Stream source) => StepPicture.ReadAsync(source, 2 * Large, _directory.FullName, Cancellation);

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Breaks off after a million bytes.</summary>
    private sealed class BrokenStream() : MemoryStream(new byte[1_000_000])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("Broken.");
    }
}
