using System.Net;
using System.Net.Http.Headers;
using Npgsql;

namespace ImageEditor.StorageManager.Tests;

/// <summary>
/// Database and image storage that are away, full, slow or closed: a clear answer, nothing lost, and all is well when they are back.
/// </summary>
public sealed class OutageTests(TestServers servers)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);
    private static readonly (string, string)[] Impatient =
    [
        ("ImageStorage__S3__MaxRetries", "0"), ("ImageStorage__S3__Timeout", "00:00:02"),
        ("ImageStorage__ReadTimeout", "00:00:02"), ("Gallery__SweepInterval", "00:00:00.2"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Postgres_StoppedAndStarted_IsAnsweredWith503AndThenAsBefore()
    {
        await using var installation = await servers.StartAsync(replicas: 2);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        var id = await installation.First.SaveNewAsync(owner, TestPicture.New());
        await servers.Postgres.StopAsync();
        try
        {
            foreach (var (method, path) in new[]
            {
                ("GET", "/api/gallery"), ("GET", $"/api/gallery/{id}/original"), ("GET", "/api/gallery.zip"),
                ("DELETE", $"/api/gallery/{id}"), ("DELETE", "/api/gallery"), ("DELETE", $"/owners/{owner}"),
            })
            {
                using var response = await installation.Second.SendAsync(new HttpMethod(method), path, owner);
                Assert.NotNull(response.Headers.RetryAfter);
                var (status, type, detail) = await StorageManagerProcess.ProblemAsync(response);
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (status, type));
                Assert.Contains("database", detail, StringComparison.Ordinal);
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await installation.First.RefusedAsync(owner, picture)).Status);

            // It is not taken out for what it cannot help.
            Assert.Equal(HttpStatusCode.OK, await installation.First.StatusOfAsync("/health"));
            Assert.Equal(HttpStatusCode.OK, await installation.First.StatusOfAsync("/alive"));
        }
        finally
        {
            await servers.StartPostgresAsync();
        }

        foreach (var replica in installation.Replicas)
        {
            await Until.TrueAsync(
                "the gallery is back",
                Timeout,
                async () => await replica.StatusAsync(HttpMethod.Get, "/api/gallery", owner) == HttpStatusCode.OK,
                Cancel);
        }

        Assert.Single(await installation.First.ListAsync(owner));
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, picture));
        Assert.Equal(2, (await installation.Second.ListAsync(owner)).Count);
    }

    [Fact]
    public async Task Postgres_StoppedInTheMiddleOfASave_LosesNothing()
    {
        await using var installation = await servers.StartAsync(settings: ("Gallery__SweepInterval", "00:00:00.2"));
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        using (var save = await PausedSave.StartAsync(installation, installation.First, owner, picture))
        {
            await servers.Postgres.StopAsync();
            try
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await save.ReleaseAsync());
            }
            finally
            {
                await servers.StartPostgresAsync();
            }
        }

        await Until.TrueAsync(
            "it is saved", Timeout, async () => await installation.First.SaveAsync(owner, picture) == HttpStatusCode.NoContent, Cancel);
        Assert.Single(await installation.First.ListAsync(owner));

        // The first try could not even be handed to the sweeper, which finds it when its life is over.
        await installation.ExecuteAsync("update uploads set due_at = now() where owner = $1", owner);
        await Until.TrueAsync(
            "the first try's images are gone", Timeout, () => Task.FromResult(installation.Storage.Keys(owner).Count == 3), Cancel);
    }

    [Fact]
    public async Task Start_BeforePostgres_Answers503UntilItIsThereAndThenMigrates()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        using var storage = TestStorage.Of(StorageKind.FileSystem, servers.S3);
        await servers.Postgres.StopAsync();
        await using var replica = StorageManagerProcess.Launch(database, storage.Settings);
        try
        {
            await Until.TrueAsync("it answers", Timeout, async () => await replica.StatusOfAsync("/alive") == HttpStatusCode.OK, Cancel);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await replica.StatusOfAsync("/health"));
            using var response = await replica.GetAsync("/api/gallery", Guid.NewGuid());
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.Equal("unavailable", (await StorageManagerProcess.ProblemAsync(response)).Type);
        }
        finally
        {
            await servers.StartPostgresAsync();
        }

        await replica.HealthyAsync();
        await replica.SaveNewAsync(Guid.NewGuid(), TestPicture.New());
    }

    [Fact]
    public async Task Start_OfManyReplicasAtOnce_MigratesOnce()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        using var storage = TestStorage.Of(StorageKind.FileSystem, servers.S3);
        var replicas = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StorageManagerProcess.StartAsync(database, storage.Settings)));
        try
        {
            await Until.TrueAsync(
                "one says that it migrated",
                Timeout,
                () => Task.FromResult(Array.Exists(replicas, replica => replica.Output.Contains("0001-gallery", StringComparison.Ordinal))),
                Cancel);
            Assert.Single(
                replicas, replica => replica.Output.Contains("The tables were changed by 0001-gallery", StringComparison.Ordinal));
            await using var source = NpgsqlDataSource.Create(database);
            await using var command = source.CreateCommand("select string_agg(name, ',' order by name) from migrations");
            Assert.Equal("0001-gallery,0002-recipes-and-names,0003-named-recipes,0004-display-copies", await command.ExecuteScalarAsync(Cancel));
            var owner = Guid.NewGuid();
            await replicas[0].SaveNewAsync(owner, TestPicture.New());
            Assert.Single(await replicas[3].ListAsync(owner));
        }
        finally
        {
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Disk_ThatIsFull_Is503SayingSoAndNothingIsLost()
    {
        await using var installation = await servers.StartAsync();
        var owner = Guid.NewGuid();
        using var storage = TestStorage.Of(StorageKind.FileSystem, servers.S3);

        // A disk of 1 MB that only this replica sees, so that nothing has to be undone whatever happens.
        string[] onASmallDisk =
        [
            "unshare", "--mount", "--map-root-user", "sh", "-c", $"mount -t tmpfs -o size=1m tmpfs '{storage.Folder}' && exec \"$@\"", "sh",
        ];
        await using var replica = StorageManagerProcess.Launch(
            onASmallDisk, installation.Address, [.. storage.Settings, ("Gallery__SweepInterval", "00:00:00.2")]);
        await replica.HealthyAsync();
        var first = TestPicture.New();
        var id = await replica.SaveNewAsync(owner, first);

        var large = TestPicture.New() with { Converted = TestPicture.Bytes(2_000_000) };
        for (var times = 0; times < 3; times++)
        {
            var (status, type, detail) = await replica.RefusedAsync(owner, large);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (status, type));
            Assert.Contains("full", detail, StringComparison.Ordinal);
        }

        Assert.Equal(first.Original, await replica.BytesAsync($"/api/gallery/{id}/original", owner));
        Assert.Single(await replica.ListAsync(owner));

        // What was written of it goes, and smaller ones fit again.
        await Until.TrueAsync("there is room", Timeout, async () =>
        {
            var smaller = TestPicture.New() with { Converted = TestPicture.Bytes(600_000) };
            return await replica.SaveAsync(owner, smaller) == HttpStatusCode.NoContent;
        }, Cancel);
    }

    [Fact]
    public async Task Folder_ThatCannotBeUsed_Is503SayingSo()
    {
        await using var installation = await servers.StartAsync();
        var owner = Guid.NewGuid();
        var id = await installation.First.SaveNewAsync(owner, TestPicture.New());
        var file = Path.Combine(installation.Storage.Folder, "file");
        await File.WriteAllTextAsync(file, "", Cancel);
        await using (var replica = await installation.StartReplicaAsync(("ImageStorage__FileSystem__Root", file)))
        {
            Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, "unavailable"),
                await replica.RefusedAsync(owner, TestPicture.New()) is var (status, type, _) ? (status, type) : default);
        }

        // A volume that is not mounted is an empty folder.
        var empty = Path.Combine(installation.Storage.Folder, "empty");
        await using (var replica = await installation.StartReplicaAsync(("ImageStorage__FileSystem__Root", empty)))
        {
            foreach (var path in new[] { $"/api/gallery/{id}/original", "/api/gallery.zip" })
            {
                using var response = await replica.GetAsync(path, owner);
                Assert.Equal("unavailable", (await StorageManagerProcess.ProblemAsync(response)).Type);
                Assert.Null(response.Headers.ETag);
            }
        }

        // A disk that may only be read: also for root.
        var folder = installation.Storage.Folder;
        string[] readOnly =
        [
            "unshare", "--mount", "--map-root-user", "sh", "-c",
            $"mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}' && exec \"$@\"", "sh",
        ];
        await using (var replica = StorageManagerProcess.Launch(readOnly, installation.Address, installation.Storage.Settings))
        {
            await replica.HealthyAsync();
            Assert.Contains("refuses access", (await replica.RefusedAsync(owner, TestPicture.New())).Detail, StringComparison.Ordinal);
            Assert.Equal(3_000, (await replica.BytesAsync($"/api/gallery/{id}/original", owner)).Length);
        }

        Assert.Single(await installation.First.ListAsync(owner));
    }

    [Fact]
    public async Task Image_ThatIsCutShortOnDisk_IsBrokenOffAndNeverAShortAnswer()
    {
        await using var installation = await servers.StartAsync();
        var owner = Guid.NewGuid();
        var id = await installation.First.SaveNewAsync(owner, TestPicture.New() with { Converted = TestPicture.Bytes(1_000_000) });
        var file = Path.Combine(
            installation.Storage.Folder,
            installation.Storage.Keys(owner).Single(key => key.EndsWith("converted", StringComparison.Ordinal)));
        await using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(500_000);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => installation.First.GetAsync($"/api/gallery/{id}/converted", owner));
        await Assert.ThrowsAsync<HttpRequestException>(() => installation.First.GetAsync("/api/gallery.zip", owner));
        await installation.First.WritesAsync("ended after 500000 of 1000000 bytes");
    }

    [Theory]
    [InlineData("error", "cannot be reached")]
    [InlineData("full", "is full")]
    [InlineData("silent", "cannot be reached")]
    [InlineData("cut-request", "cannot be reached")]
    public async Task Bucket_ThatFailsWhileSaving_Is503AndTheRepeatSaves(string fault, string says)
    {
        await using var installation = await servers.StartAsync(StorageKind.S3, settings: Impatient);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New() with { Converted = TestPicture.Bytes(500_000) });
        foreach (var kind in new[] { "original", "converted", "thumbnail" })
        {
            await servers.S3.BreakAsync("PUT", fault, kind);
            try
            {
                var (status, type, detail) = await installation.First.RefusedAsync(owner, picture);
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (status, type));
                Assert.Contains(says, detail, StringComparison.Ordinal);
            }
            finally
            {
                await servers.S3.HealAsync();
            }
        }

        var id = await installation.First.SaveNewAsync(owner, picture);
        await Until.TrueAsync(
            "what the failed saves left is gone", Timeout, async () => await installation.UploadsAsync(owner) == 0, Cancel);
        Assert.Equal(3, installation.Storage.Keys(owner).Count);
        Assert.Equal(picture.Converted, await installation.First.BytesAsync($"/api/gallery/{id}/converted", owner));
    }

    [Fact]
    public async Task Bucket_ThatFailsOnce_IsTriedAgainByItself()
    {
        await using var installation = await servers.StartAsync(StorageKind.S3);
        var owner = Guid.NewGuid();
        await servers.S3.BreakAsync("PUT", "error", "original", times: 1);
        var id = await installation.First.SaveNewAsync(owner, TestPicture.New());
        await servers.S3.BreakAsync("GET", "error", "original", times: 1);
        Assert.Equal(3_000, (await installation.First.BytesAsync($"/api/gallery/{id}/original", owner)).Length);
        await servers.S3.HealAsync();
    }

    [Fact]
    public async Task Bucket_ThatFailsWhileReading_Is503OrBrokenOff()
    {
        await using var installation = await servers.StartAsync(StorageKind.S3, settings: Impatient);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New() with { Converted = TestPicture.Bytes(2_000_000) });
        var path = $"/api/gallery/{await installation.First.SaveNewAsync(owner, picture)}/converted";
        try
        {
            foreach (var fault in new[] { "error", "silent" })
            {
                await servers.S3.BreakAsync("GET", fault);
                using var whole = await installation.First.GetAsync(path, owner);
                Assert.Equal(
                    (HttpStatusCode.ServiceUnavailable, "unavailable"),
                    await StorageManagerProcess.ProblemAsync(whole) is var (status, type, _) ? (status, type) : default);
                using var part = await installation.First.GetAsync(
                    path, owner, request => request.Headers.Range = new RangeHeaderValue(10, 20));
                Assert.Equal((HttpStatusCode.ServiceUnavailable, null), (part.StatusCode, part.Content.Headers.ContentRange));
            }

            await servers.S3.BreakAsync("GET", "cut-response");
            await Assert.ThrowsAsync<HttpRequestException>(() => installation.First.GetAsync(path, owner));
            await Assert.ThrowsAsync<HttpRequestException>(() => installation.First.GetAsync("/api/gallery.zip", owner));
        }
        finally
        {
            await servers.S3.HealAsync();
        }

        Assert.Equal(picture.Converted, await installation.First.BytesAsync(path, owner));
    }

    [Theory]
    [InlineData("ImageStorage__S3__SecretKey", "wrong", "refuses access")]
    [InlineData("ImageStorage__S3__AccessKey", "unknown", "refuses access")]
    [InlineData("ImageStorage__S3__Bucket", "no-such-bucket", "cannot be reached")]
    [InlineData("ImageStorage__S3__Endpoint", "http://127.0.0.1:9", "cannot be reached")]
    public async Task Bucket_ThatIsNotOurs_Is503SayingWhy(string setting, string value, string says)
    {
        await using var installation = await servers.StartAsync(StorageKind.S3, settings: Impatient);
        var owner = Guid.NewGuid();
        var id = await installation.First.SaveNewAsync(owner, TestPicture.New());
        await using var replica = await installation.StartReplicaAsync((setting, value));

        var (status, type, detail) = await replica.RefusedAsync(owner, TestPicture.New());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (status, type));
        Assert.Contains(says, detail, StringComparison.Ordinal);
        using var response = await replica.GetAsync($"/api/gallery/{id}/original", owner);
        Assert.Contains(says, (await StorageManagerProcess.ProblemAsync(response)).Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", replica.Output, StringComparison.Ordinal);
        Assert.Equal(3_000, (await installation.First.BytesAsync($"/api/gallery/{id}/original", owner)).Length);
    }

    [Theory]
    [InlineData("ImageStorage__Kind", "Tape", "ImageStorage:Kind is 'Tape'; it must be FileSystem or S3.")]
    [InlineData("ImageStorage__FileSystem__Root", "images", "ImageStorage:FileSystem:Root is 'images'")]
    [InlineData("ImageStorage__Kind", "S3", "ImageStorage:S3:Bucket is missing")]
    [InlineData("Gallery__TombstoneRetention", "00:00:01", "Gallery:TombstoneRetention (00:00:01) must not be shorter")]
    [InlineData("Gallery__MaxConvertedBytes", "0", "Gallery:MaxConvertedBytes must be positive.")]
    [InlineData("Pictures__MaxBytes", "0", "The field MaxBytes must be between 1000 and 500000000.")]
    [InlineData("InternalKey", "", "The setting 'InternalKey' is missing.")]
    public async Task Start_WithSettingsThatCannotWork_FailsAndSaysWhy(string setting, string value, string says)
    {
        await using var replica = StorageManagerProcess.Launch(
            "Host=127.0.0.1;Port=9", ("ImageStorage__FileSystem__Root", "/images"), (setting, value));
        await replica.Process.WaitForExitAsync(Cancel);
        Assert.NotEqual(0, replica.Process.ExitCode);
        await replica.WritesAsync(says);
    }
}
