using System.IO.Compression;
using System.Net;

namespace ImageEditor.StorageManager.Tests.Gallery;

/// <summary>The whole gallery as one zip file.</summary>
public sealed class ArchiveTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task Archive_HasEveryImageUnderANameOfItsOwn(StorageKind kind)
    {
        var installation = await servers.SharedAsync(kind);
        var (owner, start) = (Guid.NewGuid(), new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc));

        // More than one page of them, several of the same second and converter.
        var pictures = Enumerable.Range(0, 130)
            .Select(i => TestPicture.New() with { CreatedAt = start.AddSeconds(i / 6), Converter = i % 3 == 0 ? "grayscale" : "contrast" })
            .ToList();
        foreach (var picture in pictures)
        {
            Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, picture));
        }

        var deleted = await installation.First.SaveNewAsync(owner, TestPicture.New());
        await installation.First.StatusAsync(HttpMethod.Delete, $"/api/gallery/{deleted}", owner);

        using var response = await installation.Second.GetAsync("/api/gallery.zip", owner);
        Assert.Equal((HttpStatusCode.OK, "application/zip"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal("gallery.zip", response.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        using var archive = new ZipArchive(await response.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal(260, archive.Entries.Select(entry => entry.FullName).Distinct().Count());
        var contents = archive.Entries.Select(entry =>
        {
            Assert.Equal(entry.Length, entry.CompressedLength);
            Assert.Matches(@"^2026-03-04_05-06-\d\d_(contrast|grayscale)(_\d)?_(original\.jpg|converted\.png)\z", entry.FullName);
            return Convert.ToHexString(Bytes(entry));
        });
        Assert.Equal(
            pictures.SelectMany(picture => new[] { picture.Original, picture.Converted }).Select(Convert.ToHexString).Order(),
            contents.Order());
    }

    [Fact]
    public async Task Archive_OfPicturesWithNames_UsesThemAndNumbersThoseThatAreTaken()
    {
        var installation = await servers.SharedAsync();
        var (owner, start) = (Guid.NewGuid(), DateTime.UtcNow);
        string[] names = ["holiday.jpg", "HOLIDAY.jpg", "holiday_2.jpg", "caf\u00e9.jpg", "holiday.jpg"];
        foreach (var (i, name) in names.Index())
        {
            // The archive is newest first.
            Assert.Equal(
                HttpStatusCode.NoContent,
                await installation.First.SaveAsync(owner, TestPicture.New() with { CreatedAt = start.AddSeconds(-i), Name = name }));
        }

        using var archive = new ZipArchive(new MemoryStream(await installation.First.BytesAsync("/api/gallery.zip", owner)));

        Assert.Equal(
            [
                "holiday.jpg", "holiday-contrast.png", "HOLIDAY_2.jpg", "HOLIDAY_2-contrast.png", "holiday_2_2.jpg",
                "holiday_2_2-contrast.png", "caf\u00e9.jpg", "caf\u00e9-contrast.png", "holiday_3.jpg", "holiday_3-contrast.png",
            ],
            archive.Entries.Select(entry => entry.FullName));
    }

    /// <summary>An original's name ends as its result's would, which is cut to the same.</summary>
    [Fact]
    public async Task Archive_OfAPictureWithALongName_HasTwoNamesForItsFiles()
    {
        var (installation, owner) = (await servers.SharedAsync(), Guid.NewGuid());
        var picture = TestPicture.New() with { Name = new string('a', 242) + "-contrast.jpg", ConvertedType = "image/jpeg" };
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, picture));

        using var archive = new ZipArchive(new MemoryStream(await installation.First.BytesAsync("/api/gallery.zip", owner)));

        Assert.Equal(2, archive.Entries.Select(entry => entry.FullName).Distinct().Count());
        Assert.Equal(picture.Original, Bytes(archive.Entries[0]));
        Assert.Equal(picture.Converted, Bytes(archive.Entries[1]));
    }

    [Fact]
    public async Task Archive_OfAnEmptyGallery_IsAnEmptyArchive()
    {
        var installation = await servers.SharedAsync();
        using var archive = new ZipArchive(new MemoryStream(await installation.First.BytesAsync("/api/gallery.zip", Guid.NewGuid())));
        Assert.Empty(archive.Entries);
    }

    [Fact]
    public async Task Archive_OfMuchMoreThanMemoryShouldHold_IsStreamed()
    {
        await using var installation = await servers.StartAsync();
        var owner = Guid.NewGuid();
        var large = TestPicture.New() with { Original = TestPicture.Bytes(19_000_000), Converted = TestPicture.Bytes(60_000_000) };
        const int pictures = 8;
        for (var i = 0; i < pictures; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, large with { JobId = TestPicture.NewJob() }));
        }

        var before = PeakBytes(installation.First);
        var path = Path.Combine(installation.Storage.Folder, "gallery.zip");
        using (var response = await BeginAsync(installation.First, owner))
        await using (var file = File.Create(path))
        {
            await response.Content.CopyToAsync(file, Cancel);
        }

        Assert.True(
            PeakBytes(installation.First) - before < 64 << 20, $"The process grew by {(PeakBytes(installation.First) - before) >> 20} MB.");
        await using var archive = await ZipFile.OpenReadAsync(path, Cancel);
        Assert.Equal(2 * pictures, archive.Entries.Count);
        Assert.Equal(pictures * 79_000_000L, archive.Entries.Sum(entry => entry.Length));
        Assert.Equal(large.Converted, Bytes(archive.Entries[^1]));
    }

    [Fact]
    public async Task Archive_WhosePictureIsLostOnTheWay_IsBrokenOff()
    {
        await using var installation = await servers.StartAsync();
        var owner = Guid.NewGuid();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, TestPicture.New()));
        }

        var last = (await installation.First.ListAsync(owner))[^1].GetProperty("jobId").GetString()!;
        var lost = installation.Storage.Keys(owner)
            .Single(key => key.Contains(last, StringComparison.Ordinal) && key.EndsWith("converted", StringComparison.Ordinal));
        File.Delete(Path.Combine(installation.Storage.Folder, lost));

        await Assert.ThrowsAsync<HttpRequestException>(() => installation.First.GetAsync("/api/gallery.zip", owner));
        await installation.First.WritesAsync("An image that was saved cannot be found");
        Assert.DoesNotContain(last, installation.First.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_WhoseReaderIsGone_Stops()
    {
        await using var installation = await servers.StartAsync();
        var (owner, large) = (Guid.NewGuid(), TestPicture.New() with { Converted = TestPicture.Bytes(60_000_000) });
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, large));
        using (var response = await BeginAsync(installation.First, owner))
        {
            await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
            await stream.ReadExactlyAsync(new byte[100_000], Cancel);
            Assert.True(OpenImages() > 0);
        }

        await Until.TrueAsync("no image is open any more", TimeSpan.FromSeconds(60), () => Task.FromResult(OpenImages() == 0), Cancel);

        int OpenImages() => Directory.EnumerateFiles($"/proc/{installation.First.Process.Id}/fd").Count(descriptor =>
            new FileInfo(descriptor).LinkTarget?.StartsWith(installation.Storage.Folder, StringComparison.Ordinal) == true);
    }

    /// <summary>Asks for the archive, and reads nothing of it yet.</summary>
    private static Task<HttpResponseMessage> BeginAsync(StorageManagerProcess replica, Guid owner) =>
        replica.SendAsync(HttpMethod.Get, "/api/gallery.zip", owner, completion: HttpCompletionOption.ResponseHeadersRead);

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static long PeakBytes(StorageManagerProcess replica)
    {
        var line = File.ReadLines($"/proc/{replica.Process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], null) << 10;
    }
}
