using System.Net;

namespace ImageEditor.StorageManager.Tests.Gallery;

/// <summary>What was deleted stays away, and can be had back for a day.</summary>
public sealed class DeletionTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delete_ThenRestore_HidesAndShowsThePicture()
    {
        var installation = await servers.SharedAsync();
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        var id = await installation.First.SaveNewAsync(owner, picture);
        string[] paths =
        [
            $"/api/gallery/{id}", $"/api/gallery/{id}/original", $"/api/gallery/{id}/converted", $"/api/gallery/{id}/thumbnail",
        ];

        Assert.Equal(HttpStatusCode.NoContent, await installation.First.StatusAsync(HttpMethod.Delete, $"/api/gallery/{id}", owner));
        Assert.Equal(HttpStatusCode.NoContent, await installation.Second.StatusAsync(HttpMethod.Delete, $"/api/gallery/{id}", owner));
        Assert.Empty(await installation.Second.ListAsync(owner));
        Assert.Empty(await installation.Second.ListAsync(owner, "converter=contrast"));
        foreach (var path in paths)
        {
            Assert.Equal(HttpStatusCode.NotFound, await installation.Second.StatusAsync(HttpMethod.Get, path, owner));
        }

        Assert.Equal((HttpStatusCode.Gone, "picture-deleted"), await RefusedAsync(installation.First, owner, picture));

        Assert.Equal(HttpStatusCode.NoContent, await installation.Second.StatusAsync(HttpMethod.Post, $"/api/gallery/{id}/restore", owner));
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.StatusAsync(HttpMethod.Post, $"/api/gallery/{id}/restore", owner));
        Assert.Single(await installation.First.ListAsync(owner));
        Assert.Equal(picture.Original, await installation.First.BytesAsync(paths[1], owner));

        // Its tombstone went with that.
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, picture));
        Assert.Single(await installation.First.ListAsync(owner));
    }

    [Fact]
    public async Task Deleted_ADayAgo_IsBeyondRestoringBeforeTheSweepToo()
    {
        var installation = await servers.SharedAsync();
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        var id = await installation.First.SaveNewAsync(owner, picture);
        await installation.First.StatusAsync(HttpMethod.Delete, $"/api/gallery/{id}", owner);
        await installation.AgeDeletedAsync(owner, TimeSpan.FromHours(24));

        Assert.Equal(HttpStatusCode.NotFound, await installation.First.StatusAsync(HttpMethod.Post, $"/api/gallery/{id}/restore", owner));
        Assert.Equal(HttpStatusCode.NotFound, await installation.First.StatusAsync(HttpMethod.Delete, $"/api/gallery/{id}", owner));
        Assert.Equal((HttpStatusCode.Gone, "picture-deleted"), await RefusedAsync(installation.First, owner, picture));
    }

    [Fact]
    public async Task Clear_DeletesAllAndWhatEarlierJobsAreYetToBring_AndNothingLater()
    {
        var installation = await servers.SharedAsync();
        var (owner, stranger) = (Guid.NewGuid(), Guid.NewGuid());
        var early = TestPicture.New();
        var id = await installation.First.SaveNewAsync(owner, TestPicture.New());
        await installation.First.SaveNewAsync(owner, TestPicture.New());
        await installation.First.SaveNewAsync(stranger, TestPicture.New());

        Assert.Equal(HttpStatusCode.NoContent, await installation.First.StatusAsync(HttpMethod.Delete, "/api/gallery", owner));
        Assert.Empty(await installation.Second.ListAsync(owner));
        Assert.Equal((HttpStatusCode.Gone, "picture-deleted"), await RefusedAsync(installation.Second, owner, early));
        Assert.Equal(HttpStatusCode.NoContent, await installation.Second.SaveAsync(stranger, early));

        var late = TestPicture.New();
        Assert.Equal(HttpStatusCode.NoContent, await installation.Second.SaveAsync(owner, late));
        Assert.Equal(late.JobId, Assert.Single(await installation.First.ListAsync(owner)).GetProperty("jobId").GetString());

        // Each can be had back by its id, like any other.
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.StatusAsync(HttpMethod.Post, $"/api/gallery/{id}/restore", owner));
        Assert.Equal(2, (await installation.First.ListAsync(owner)).Count);
        Assert.Equal(2, (await installation.First.ListAsync(stranger)).Count);

        // A second time covers what came after the first.
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.StatusAsync(HttpMethod.Delete, "/api/gallery", owner));
        Assert.Empty(await installation.First.ListAsync(owner));
        Assert.Equal(2, (await installation.First.ListAsync(stranger)).Count);
    }

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task RemoveOwner_TakesEverythingAwayForGood(StorageKind kind)
    {
        await using var installation = await servers.StartAsync(kind, replicas: 2, ("Gallery__SweepInterval", "00:00:00.2"));
        var (owner, stranger) = (Guid.NewGuid(), Guid.NewGuid());
        var (kept, deleted) = (TestPicture.New(), TestPicture.New());
        var id = await installation.First.SaveNewAsync(owner, kept);
        await installation.First.StatusAsync(
            HttpMethod.Delete, $"/api/gallery/{await installation.First.SaveNewAsync(owner, deleted)}", owner);
        await installation.First.SaveNewAsync(stranger, kept);

        for (var times = 0; times < 2; times++)
        {
            using var gone = await installation.First.Http.DeleteAsync($"/owners/{owner}", Cancel);
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        }

        Assert.Empty(await installation.Second.ListAsync(owner));
        Assert.Equal(HttpStatusCode.NotFound, await installation.Second.StatusAsync(HttpMethod.Post, $"/api/gallery/{id}/restore", owner));
        Assert.Equal(0, await installation.PicturesAsync(owner));
        foreach (var late in new[] { kept, deleted, TestPicture.New(), TestPicture.New() with { CreatedAt = DateTime.UtcNow.AddHours(1) } })
        {
            Assert.Equal((HttpStatusCode.Gone, "picture-deleted"), await RefusedAsync(installation.Second, owner, late));
        }

        await Until.TrueAsync(
            "its images are gone", TimeSpan.FromSeconds(60), async () => await installation.UploadsAsync(owner) == 0, Cancel);
        Assert.Empty(installation.Storage.Keys(owner));
        Assert.Equal(3, installation.Storage.Keys(stranger).Count);
        using var bad = await installation.First.Http.DeleteAsync("/owners/everybody", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
    }

    [Theory, InlineData("/api/gallery"), InlineData("/owners/")]
    public async Task Save_BesideADeletionOfEverything_BringsNothingBack(string path)
    {
        var installation = await servers.SharedAsync();
        var outcomes = new HashSet<HttpStatusCode>();
        for (var round = 0; round < 25; round++)
        {
            var (owner, picture) = (Guid.NewGuid(), TestPicture.New() with { CreatedAt = DateTime.UtcNow.AddMinutes(-1) });
            var saving = installation.First.SaveAsync(owner, picture);

            // Sooner and later into the save, so that either comes first now and then.
            for (var yields = 0; yields < round; yields++)
            {
                Assert.NotNull(await installation.Second.StatusOfAsync("/alive"));
            }

            var deleting = installation.Second.StatusAsync(HttpMethod.Delete, path == "/owners/" ? path + owner : path, owner);
            outcomes.Add(await saving);
            Assert.Equal(HttpStatusCode.NoContent, await deleting);
            Assert.Empty(await installation.First.ListAsync(owner));
            Assert.Equal(HttpStatusCode.Gone, await installation.Second.SaveAsync(owner, picture));
        }

        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.NoContent, HttpStatusCode.Gone }, outcomes);
    }

    private static async Task<(HttpStatusCode Status, string Type)> RefusedAsync(
        StorageManagerProcess replica, Guid owner, TestPicture picture)
    {
        var (status, type, _) = await replica.RefusedAsync(owner, picture);
        return (status, type);
    }
}
