using System.Net;
using ImageEditor.StorageManager.Metadata;

namespace ImageEditor.StorageManager.Tests.Sweeping;

/// <summary>Whatever was cut off, sweeping puts right, in any number of replicas at once; and what is in use it leaves alone.</summary>
public sealed class SweepTests(TestServers servers)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly (string, string) OftenSwept = ("Gallery__SweepInterval", "00:00:00.2");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_WhoseProcessIsKilledMidway_IsRemovedAfterItsLifetime()
    {
        await using var installation = await servers.StartAsync(replicas: 2, settings: OftenSwept);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        using var save = await PausedSave.StartAsync(installation, installation.First, owner, picture);
        await installation.First.KillAsync();
        Assert.Null(await save.ReleaseAsync());
        Assert.Single(installation.Storage.Keys(owner));
        Assert.Equal("writing", await StateAsync(installation, owner));

        // The save is tried again elsewhere; the killed one's images stay out of its way, and go by themselves.
        var id = await installation.Second.SaveNewAsync(owner, picture);
        await DueAsync(installation, owner);
        await Until.TrueAsync("the sweep has aborted it", Timeout, async () => await StateAsync(installation, owner) == "fenced", Cancel);
        await Until.TrueAsync("its images are gone", Timeout, () => Task.FromResult(installation.Storage.Keys(owner).Count == 3), Cancel);
        await DueAsync(installation, owner);
        await Until.TrueAsync("it is forgotten", Timeout, async () => await installation.UploadsAsync(owner) == 0, Cancel);
        Assert.Equal(picture.Original, await installation.Second.BytesAsync($"/api/gallery/{id}/original", owner));
    }

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task Upload_WhoseProcessIsKilledBeforeTheRow_IsRemoved(StorageKind kind)
    {
        await using var installation = await servers.StartAsync(kind, replicas: 2, OftenSwept);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        Task<HttpStatusCode> save;
        await using (var connection = await installation.Database.OpenConnectionAsync(Cancel))
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await using (var command = connection.CreateCommand(Sql.LockOwner, owner))
            {
                await command.ExecuteNonQueryAsync(Cancel);
            }

            save = installation.First.SaveAsync(owner, picture);
            await Until.TrueAsync("the save waits for the owner's lock", Timeout, async () =>
                await installation.AskAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and not granted") == 1,
                Cancel);
            Assert.Equal(3, installation.Storage.Keys(owner).Count);
            await installation.First.KillAsync();
            await Assert.ThrowsAsync<HttpRequestException>(() => save);
        }

        await Until.TrueAsync("its statement has ended", Timeout, async () =>
            await installation.AskAsync<long>("select count(*) from pg_locks where locktype = 'advisory'") == 0, Cancel);
        Assert.Equal(0, await installation.PicturesAsync(owner));
        await DueAsync(installation, owner);
        await Until.TrueAsync("its images are gone", Timeout, () => Task.FromResult(installation.Storage.Keys(owner).Count == 0), Cancel);
        await DueAsync(installation, owner);
        await Until.TrueAsync("it is forgotten", Timeout, async () => await installation.UploadsAsync(owner) == 0, Cancel);
    }

    [Fact]
    public async Task Upload_ThatLastsLongerThanItsLifetime_IsRenewedAndSaved()
    {
        await using var installation = await servers.StartAsync(
            replicas: 2, settings: [OftenSwept, ("Gallery__UploadLifetime", "00:00:03")]);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        using var save = await PausedSave.StartAsync(installation, installation.First, owner, picture);
        var due = await installation.AskAsync<DateTime>("select due_at from uploads where owner = $1", owner);

        await Until.TrueAsync(
            "its first life is over", Timeout, () => installation.AskAsync<bool>("select now() > $1 + interval '1 second'", due), Cancel);

        Assert.Equal("writing", await StateAsync(installation, owner));
        Assert.Equal(HttpStatusCode.NoContent, await save.ReleaseAsync());
        Assert.Single(await installation.Second.ListAsync(owner));
        Assert.Equal(2, installation.Storage.Keys(owner).Count);
    }

    [Fact]
    public async Task Upload_ThatWasAborted_CannotBecomeAPictureAndIsSavedWhenRepeated()
    {
        await using var installation = await servers.StartAsync(settings: OftenSwept);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        using var save = await PausedSave.StartAsync(installation, installation.First, owner, picture);
        await DueAsync(installation, owner);
        await Until.TrueAsync("its images are gone", Timeout, () => Task.FromResult(installation.Storage.Keys(owner).Count == 0), Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await save.ReleaseAsync());
        Assert.Empty(await installation.First.ListAsync(owner));
        await installation.First.SaveNewAsync(owner, picture);
        await Until.TrueAsync("the first try is forgotten", Timeout, async () => await installation.UploadsAsync(owner) == 0, Cancel);
        Assert.Equal(3, installation.Storage.Keys(owner).Count);
    }

    [Fact]
    public async Task Upload_AbortedAfterItsLastByte_IsRefusedByTheRow()
    {
        await using var installation = await servers.StartAsync();
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        using var save = await PausedSave.StartAsync(installation, installation.First, owner, picture);

        // As the sweeper does first, without its second step: the images are still there.
        await installation.ExecuteAsync("update uploads set state = 'fenced' where owner = $1", owner);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await save.ReleaseAsync());
        Assert.Equal(0, await installation.PicturesAsync(owner));
    }

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task Purge_CutOffAnywhere_IsCarriedOn(StorageKind kind)
    {
        await using var installation = await servers.StartAsync(kind);
        var (afterMark, afterImages, kept) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        foreach (var owner in new[] { afterMark, afterImages, kept })
        {
            var id = await installation.First.SaveNewAsync(owner, TestPicture.New());
            await installation.First.StatusAsync(HttpMethod.Delete, $"/api/gallery/{id}", owner);
        }

        await installation.AgeDeletedAsync(afterMark, TimeSpan.FromHours(24));
        await installation.AgeDeletedAsync(afterImages, TimeSpan.FromHours(24));
        await installation.AgeDeletedAsync(kept, TimeSpan.FromHours(23.9));

        // A replica that is killed right after the mark, and one right after it has removed (here: lost) an image.
        Assert.Equal(2, await installation.ExecuteAsync(Sql.Purge, TimeSpan.FromHours(24), 100));
        if (kind == StorageKind.FileSystem)
        {
            File.Delete(Path.Combine(installation.Storage.Folder, installation.Storage.Keys(afterImages)[0]));
        }

        await using var second = await installation.StartReplicaAsync(OftenSwept);
        await using var third = await installation.StartReplicaAsync(OftenSwept);
        foreach (var owner in new[] { afterMark, afterImages })
        {
            await Until.TrueAsync("its images are gone", Timeout, async () => await installation.UploadsAsync(owner) == 0, Cancel);
            Assert.Empty(installation.Storage.Keys(owner));

            // The row is the tombstone, for another day.
            Assert.Equal(1, await installation.PicturesAsync(owner));
            await installation.AgeDeletedAsync(owner, TimeSpan.FromHours(24));
            await Until.TrueAsync("the tombstone is gone", Timeout, async () => await installation.PicturesAsync(owner) == 0, Cancel);
        }

        Assert.Equal(3, installation.Storage.Keys(kept).Count);
        Assert.Equal(1, await installation.PicturesAsync(kept));
        if (kind == StorageKind.FileSystem)
        {
            Assert.Equal([$"{kept}"], Directory.EnumerateFileSystemEntries(installation.Storage.Folder).Select(Path.GetFileName));
        }
    }

    [Fact]
    public async Task Tombstones_OfGalleriesAndAccounts_GoAfterTwoDays()
    {
        await using var installation = await servers.StartAsync(settings: OftenSwept);
        var (young, old) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var owner in new[] { young, old })
        {
            await installation.First.StatusAsync(HttpMethod.Delete, "/api/gallery", owner);
            await installation.First.StatusAsync(HttpMethod.Delete, $"/owners/{owner}", null);
        }

        await installation.ExecuteAsync(
            "update owners set cleared_at = cleared_at - interval '49 hours', gone_at = gone_at - interval '49 hours' where owner = $1",
            old);
        await installation.ExecuteAsync(
            "update owners set cleared_at = cleared_at - interval '49 hours', gone_at = gone_at - interval '47 hours' where owner = $1",
            young);

        await Until.TrueAsync(
            "the old one is gone",
            Timeout,
            async () => await installation.AskAsync<long>("select count(*) from owners where owner = $1", old) == 0,
            Cancel);
        Assert.Equal(HttpStatusCode.Gone, await installation.First.SaveAsync(young, TestPicture.New()));
    }

    [Fact]
    public async Task Sweep_WhileTheBucketFails_IsDoneWhenItWorksAgain()
    {
        await using var installation = await servers.StartAsync(
            StorageKind.S3, settings: [OftenSwept, ("ImageStorage__S3__MaxRetries", "0")]);
        var owner = Guid.NewGuid();
        await installation.First.SaveNewAsync(owner, TestPicture.New());
        await servers.S3.BreakAsync("DELETE", "error", $"{owner}");
        try
        {
            await installation.First.StatusAsync(HttpMethod.Delete, $"/owners/{owner}", null);
            await installation.First.WritesAsync("The sweep continues later");
            Assert.Equal(1, await installation.UploadsAsync(owner));
        }
        finally
        {
            await servers.S3.HealAsync();
        }

        await Until.TrueAsync("it is done", Timeout, async () => await installation.UploadsAsync(owner) == 0, Cancel);
        Assert.Empty(installation.Storage.Keys(owner));
    }

    private static Task<int> DueAsync(Installation installation, Guid owner) =>
        installation.ExecuteAsync("update uploads set due_at = now() where owner = $1", owner);

    private static Task<string> StateAsync(Installation installation, Guid owner) =>
        installation.AskAsync<string>("select state from uploads where owner = $1", owner);
}
