using System.Net;

namespace ImageEditor.StorageManager.Tests.Gallery;

/// <summary>The copy of an original that browsers do not show goes where the picture goes.</summary>
public sealed class DisplayCopyTests(TestServers servers)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task Deleted_PictureWithACopyToDisplay_LeavesNothing(StorageKind kind)
    {
        await using var installation = await servers.StartAsync(kind, replicas: 1, ("Gallery__SweepInterval", "00:00:00.2"));
        var owner = Guid.NewGuid();
        var picture = TestPicture.New() with { OriginalType = "image/heic", Display = TestPicture.Bytes(900) };
        var id = await installation.First.SaveNewAsync(owner, picture);
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, picture));
        Assert.Equal(4, installation.Storage.Keys(owner).Count);

        await installation.First.StatusAsync(HttpMethod.Delete, $"/api/gallery/{id}", owner);
        Assert.Equal(HttpStatusCode.NotFound, await installation.First.StatusAsync(HttpMethod.Get, $"/api/gallery/{id}/display", owner));
        await installation.First.StatusAsync(HttpMethod.Post, $"/api/gallery/{id}/restore", owner);
        Assert.Equal(picture.Display, await installation.First.BytesAsync($"/api/gallery/{id}/display", owner));

        await installation.First.StatusAsync(HttpMethod.Delete, $"/api/gallery/{id}", owner);
        await installation.AgeDeletedAsync(owner, TimeSpan.FromHours(24));
        await Until.TrueAsync("its images are gone", Timeout, () => Task.FromResult(installation.Storage.Keys(owner).Count == 0), Cancel);
    }
}
