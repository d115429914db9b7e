using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ImageEditor.StorageManager.Tests.Gallery;

/// <summary>What an owner sees, over both image storages, through two replicas.</summary>
public sealed class GalleryTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task Save_ThenList_ShowsTheWholePictureAtBothReplicas(StorageKind kind)
    {
        var installation = await servers.SharedAsync(kind);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());

        var id = await installation.First.SaveNewAsync(owner, picture);

        var item = Assert.Single(await installation.Second.ListAsync(owner));
        Assert.Equal(
            ["id", "jobId", "createdAt", "name", "recipe", "converter", "parameters", "original", "converted", "thumbnail", "display"],
            item.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            (id, picture.JobId, "contrast"),
            (item.GetProperty("id").GetString(), item.GetProperty("jobId").GetString(), item.GetProperty("converter").GetString()));
        Assert.Equal(picture.CreatedAt, item.GetProperty("createdAt").GetDateTime(), TimeSpan.FromMilliseconds(0.001));
        Assert.EndsWith("Z", item.GetProperty("createdAt").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"amount":40,"format":"png"}""", item.GetProperty("parameters").GetRawText());
        Assert.Equal("null", item.GetProperty("name").GetRawText());
        Assert.Equal(
            """[{"converter":"contrast","parameters":{"amount":40,"format":"png"}}]""", item.GetProperty("recipe").GetRawText());
        Assert.Equal(
            $$"""{"url":"/api/gallery/{{id}}/original","width":640,"height":480,"bytes":3000,"type":"image/jpeg"}""",
            item.GetProperty("original").GetRawText());
        Assert.Equal(
            $$"""{"url":"/api/gallery/{{id}}/converted","width":320,"height":240,"bytes":5000,"type":"image/png"}""",
            item.GetProperty("converted").GetRawText());
        Assert.Equal(
            $$"""{"url":"/api/gallery/{{id}}/thumbnail","width":160,"height":120,"bytes":700,"type":"image/webp"}""",
            item.GetProperty("thumbnail").GetRawText());
        Assert.Equal(item.GetRawText(), (await installation.First.JsonAsync($"/api/gallery/{id}", owner)).GetRawText());
        Assert.Equal(picture.Original, await installation.Second.BytesAsync($"/api/gallery/{id}/original", owner));
        Assert.Equal(picture.Converted, await installation.Second.BytesAsync($"/api/gallery/{id}/converted", owner));
        Assert.Equal(picture.Thumbnail, await installation.Second.BytesAsync($"/api/gallery/{id}/thumbnail", owner));
        Assert.Equal(3, installation.Storage.Keys(owner).Count);
        Assert.Equal(0, await installation.UploadsAsync(owner));
    }

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task Save_OfAnOriginalThatBrowsersDoNotShow_HasACopyThatTheyDo(StorageKind kind)
    {
        var installation = await servers.SharedAsync(kind);
        var owner = Guid.NewGuid();
        var picture = TestPicture.New() with { OriginalType = "image/heic", Display = TestPicture.Bytes(900) };

        var id = await installation.First.SaveNewAsync(owner, picture);

        var item = Assert.Single(await installation.Second.ListAsync(owner));
        Assert.Equal("image/heic", item.GetProperty("original").GetProperty("type").GetString());
        Assert.Equal(
            $$"""{"url":"/api/gallery/{{id}}/display","width":200,"height":150,"bytes":900,"type":"image/jpeg"}""",
            item.GetProperty("display").GetRawText());
        Assert.Equal(picture.Original, await installation.First.BytesAsync($"/api/gallery/{id}/original", owner));
        Assert.Equal(picture.Display, await installation.Second.BytesAsync($"/api/gallery/{id}/display", owner));
        Assert.Equal(4, installation.Storage.Keys(owner).Count);
        using var of = await installation.First.GetAsync($"/api/gallery/{id}/display", Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, of.StatusCode);
    }

    [Fact]
    public async Task Save_WithoutACopyToDisplay_HasNone()
    {
        var installation = await servers.SharedAsync();
        var owner = Guid.NewGuid();

        var id = await installation.First.SaveNewAsync(owner, TestPicture.New());

        Assert.Equal("null", (await installation.First.JsonAsync($"/api/gallery/{id}", owner)).GetProperty("display").GetRawText());
        using var response = await installation.First.GetAsync($"/api/gallery/{id}/display", owner);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Save_WithoutThumbnail_HasNone()
    {
        var installation = await servers.SharedAsync();
        var owner = Guid.NewGuid();

        var id = await installation.First.SaveNewAsync(owner, TestPicture.New() with { Thumbnail = null });

        Assert.Equal("null", (await installation.First.JsonAsync($"/api/gallery/{id}", owner)).GetProperty("thumbnail").GetRawText());
        using var response = await installation.First.GetAsync($"/api/gallery/{id}/thumbnail", owner);
        Assert.Equal(
            (HttpStatusCode.NotFound, "picture-not-found"),
            (await StorageManagerProcess.ProblemAsync(response)) is var (status, type, _) ? (status, type) : default);
    }

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task Image_AskedForInEveryWay_IsAnsweredByTheRules(StorageKind kind)
    {
        var installation = await servers.SharedAsync(kind);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New() with { Converted = TestPicture.Bytes(300_000) });
        var path = $"/api/gallery/{await installation.First.SaveNewAsync(owner, picture)}/converted";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(picture.Converted))}\"");

        using (var whole = await installation.First.GetAsync(path, owner))
        {
            Assert.Equal((HttpStatusCode.OK, tag, false), (whole.StatusCode, whole.Headers.ETag, whole.Headers.ETag!.IsWeak));
            Assert.Equal(("image/png", 300_000L), (whole.Content.Headers.ContentType!.MediaType, whole.Content.Headers.ContentLength));
            Assert.Equal("bytes", Assert.Single(whole.Headers.AcceptRanges));
            Assert.True(whole.Headers.CacheControl is { Private: true, NoCache: true });
            Assert.Equal("nosniff", Assert.Single(whole.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("sandbox", Assert.Single(whole.Headers.GetValues("Content-Security-Policy")));
            Assert.Null(whole.Content.Headers.ContentDisposition);
        }

        using (var head = await installation.First.SendAsync(HttpMethod.Head, path, owner))
        {
            Assert.Equal((HttpStatusCode.OK, 300_000L, tag), (head.StatusCode, head.Content.Headers.ContentLength, head.Headers.ETag));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancel));
        }

        using (var known = await installation.First.GetAsync(path, owner, request => request.Headers.IfNoneMatch.Add(tag)))
        {
            Assert.Equal((HttpStatusCode.NotModified, tag), (known.StatusCode, known.Headers.ETag));
            Assert.Empty(await known.Content.ReadAsByteArrayAsync(Cancel));
        }

        foreach (var (range, from, to) in new[]
        {
            ("bytes=0-0", 0, 1), ("bytes=1000-199999", 1_000, 200_000), ("bytes=299990-", 299_990, 300_000),
            ("bytes=-10", 299_990, 300_000), ("bytes=100-999999", 100, 300_000),
        })
        {
            using var part = await RangeAsync(range);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal($"bytes {from}-{to - 1}/300000", part.Content.Headers.ContentRange!.ToString());
            Assert.Equal(picture.Converted[from..to], await part.Content.ReadAsByteArrayAsync(Cancel));
        }

        using (var beyond = await RangeAsync("bytes=300000-"))
        {
            Assert.Equal(
                (HttpStatusCode.RequestedRangeNotSatisfiable, "bytes */300000"),
                (beyond.StatusCode, beyond.Content.Headers.ContentRange!.ToString()));
        }

        using (var other = await installation.First.GetAsync(path, owner, request =>
        {
            request.Headers.Range = RangeHeaderValue.Parse("bytes=5-9");
            request.Headers.IfRange = new RangeConditionHeaderValue("\"another\"");
        }))
        {
            Assert.Equal((HttpStatusCode.OK, 300_000L), (other.StatusCode, other.Content.Headers.ContentLength));
        }

        using (var several = await RangeAsync("bytes=0-1,5-9"))
        {
            Assert.Equal(picture.Converted, await several.Content.ReadAsByteArrayAsync(Cancel));
        }

        using var download = await installation.First.GetAsync(path + "?download=1", owner);
        Assert.Equal("attachment", download.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(
            $"{picture.CreatedAt:yyyy-MM-dd_HH-mm-ss}_contrast_converted.png", download.Content.Headers.ContentDisposition.FileName);

        Task<HttpResponseMessage> RangeAsync(string range) =>
            installation.First.GetAsync(path, owner, request => request.Headers.Range = RangeHeaderValue.Parse(range));
    }

    [Fact]
    public async Task List_PageByPageWhilePicturesCome_SkipsAndRepeatsNone()
    {
        var installation = await servers.SharedAsync();
        var owner = Guid.NewGuid();
        var start = DateTime.UtcNow.AddDays(-1);

        // Several of one instant, so that the id has to decide.
        var pictures = Enumerable.Range(0, 12)
            .Select(i => TestPicture.New() with { CreatedAt = start.AddSeconds(i / 4), Converter = i % 3 == 0 ? "grayscale" : "contrast" })
            .ToList();
        foreach (var picture in pictures)
        {
            Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, picture));
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await installation.Second.JsonAsync("/api/gallery?limit=5" + (cursor is null ? "" : "&cursor=" + cursor), owner);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("jobId").GetString()!));
            cursor = page.GetProperty("next").GetString();
            await installation.First.SaveAsync(owner, TestPicture.New() with { CreatedAt = start.AddHours(1) });
        }
        while (cursor is not null);

        Assert.Equal(pictures.Select(picture => picture.JobId).Order(), seen.Order());
        Assert.Equal(
            seen, (await installation.First.ListAsync(owner)).Select(item => item.GetProperty("jobId").GetString()).Where(seen.Contains!));
        Assert.Equal(
            pictures.Where(picture => picture.Converter == "grayscale").Select(picture => picture.JobId).Order(),
            (await installation.First.ListAsync(owner, "limit=3&converter=grayscale"))
                .Select(item => item.GetProperty("jobId").GetString())
                .Order());
        Assert.Empty(await installation.First.ListAsync(owner, "converter=upscale"));
    }

    [Fact]
    public async Task List_OfPicturesWithNamesAndRecipes_ShowsThemAndFindsAnyStep()
    {
        const string Recipe = """
            [{"converter":"crop","parameters":{"box":[1,2,3,4]}},{"converter":"contrast","parameters":{}},
             {"converter":"crop","parameters":{}},{"converter":"sepia","parameters":{}}]
            """;
        var installation = await servers.SharedAsync();
        var (owner, start) = (Guid.NewGuid(), DateTime.UtcNow.AddDays(-1));
        var jobs = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            // Three of one instant; each third is a recipe.
            var picture = TestPicture.New() with { CreatedAt = start.AddSeconds(i / 3), Name = $"caf\u00e9 {i}.jpg" };
            picture = i % 3 == 0 ? picture with { Converter = "crop", Recipe = Recipe } : picture;
            Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, picture));
            jobs.Add(picture.JobId);
        }

        var all = await installation.Second.ListAsync(owner, "limit=2");
        var ofContrast = await installation.Second.ListAsync(owner, "limit=2&converter=contrast");
        Assert.Equal(jobs.Order(), all.Select(JobOf).Order());
        Assert.Equal(all.Select(JobOf), ofContrast.Select(JobOf));
        string[] recipes = [jobs[6], jobs[3], jobs[0]];
        Assert.Equal(recipes, (await installation.Second.ListAsync(owner, "limit=2&converter=crop")).Select(JobOf));
        Assert.Equal(recipes, (await installation.Second.ListAsync(owner, "limit=1&converter=sepia")).Select(JobOf));
        Assert.Empty(await installation.Second.ListAsync(owner, "converter=grayscale"));

        var item = all.Single(item => JobOf(item) == jobs[3]);
        Assert.Equal("caf\u00e9 3.jpg", item.GetProperty("name").GetString());
        Assert.Equal(
            ["crop", "contrast", "crop", "sepia"],
            item.GetProperty("recipe").EnumerateArray().Select(step => step.GetProperty("converter").GetString()));
        Assert.Equal(
            ("crop", """{"box":[1,2,3,4]}"""),
            (item.GetProperty("converter").GetString(), item.GetProperty("parameters").GetRawText()));

        // What is deleted is in no list, and what is gone leaves nothing.
        await installation.First.StatusAsync(HttpMethod.Delete, $"/api/gallery/{item.GetProperty("id").GetString()}", owner);
        Assert.Equal([jobs[6], jobs[0]], (await installation.First.ListAsync(owner, "limit=1&converter=sepia")).Select(JobOf));
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.StatusAsync(HttpMethod.Delete, $"/owners/{owner}", null));
        Assert.Equal(0, await installation.AskAsync<long>("select count(*) from later_steps where owner = $1", owner));

        static string? JobOf(System.Text.Json.JsonElement item) => item.GetProperty("jobId").GetString();
    }

    /// <summary>A replica of the release before goes on while this one runs.</summary>
    [Fact]
    public async Task List_OfARowOfTheReleaseBefore_IsARecipeOfOneStepWithoutAName()
    {
        var installation = await servers.SharedAsync();
        var owner = Guid.NewGuid();
        await installation.ExecuteAsync(
            """
            insert into pictures (
                id, owner, job_id, created_at, converter, parameters,
                original_type, original_bytes, original_hash, original_width, original_height,
                converted_type, converted_bytes, converted_hash, converted_width, converted_height)
            values (gen_random_uuid(), $1, $2, now(), 'contrast', '{ "amount": 40 }',
                'image/jpeg', 1, '\x00', 1, 1, 'image/png', 1, '\x00', 1, 1)
            """, owner, TestPicture.NewJob());

        var item = Assert.Single(await installation.First.ListAsync(owner, "converter=contrast"));

        Assert.Equal("null", item.GetProperty("name").GetRawText());
        Assert.Equal("null", item.GetProperty("display").GetRawText());
        Assert.Equal("""[{"converter":"contrast","parameters":{"amount":40}}]""", item.GetProperty("recipe").GetRawText());
    }

    [Fact]
    public async Task Image_OfAPictureWithAName_IsDownloadedUnderIt()
    {
        string[] kinds = ["original", "converted", "thumbnail", "display"];
        const string Steps = """[{"converter":"contrast","parameters":{}},{"converter":"crop","parameters":{}}]""";
        var installation = await servers.SharedAsync();
        foreach (var (picture, names) in new (TestPicture, string[])[]
        {
            (TestPicture.New() with { Name = "caf\u00e9.JPEG" },
                ["caf\u00e9.JPEG", "caf\u00e9-contrast.png", "caf\u00e9-contrast-thumbnail.webp", "caf\u00e9-display.jpg"]),
            (TestPicture.New() with { Name = "a:b.png", Recipe = Steps },
                ["a_b.jpg", "a_b-edited.png", "a_b-edited-thumbnail.webp", "a_b-display.jpg"]),
            (TestPicture.New() with { Name = "page.html" },
                ["page.html.jpg", "page.html-contrast.png", "page.html-contrast-thumbnail.webp", "page.html-display.jpg"]),
        })
        {
            var owner = Guid.NewGuid();
            var id = await installation.First.SaveNewAsync(owner, picture with { Display = TestPicture.Bytes(100) });
            foreach (var (kind, name) in kinds.Zip(names))
            {
                using var response = await installation.First.GetAsync($"/api/gallery/{id}/{kind}?download=1", owner);
                var disposition = response.Content.Headers.ContentDisposition!;
                Assert.Equal(("attachment", name), (disposition.DispositionType, disposition.FileNameStar));
            }
        }
    }

    /// <summary>Whatever is wrong with a name, a picture is not lost for it.</summary>
    [Theory]
    [InlineData("a/b.jpg", "b.jpg")]
    [InlineData("line\nfeed.jpg", "linefeed.jpg")]
    [InlineData("..", null)]
    [InlineData("", null)]
    public async Task Save_WithANameThatIsNone_KeepsWhatIsANameOfIt(string name, string? expected)
    {
        var installation = await servers.SharedAsync();
        var owner = Guid.NewGuid();

        await installation.First.SaveNewAsync(owner, TestPicture.New() with { Name = name });

        Assert.Equal(expected, Assert.Single(await installation.First.ListAsync(owner)).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("cursor=")]
    [InlineData("cursor=abc")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!")]
    [InlineData("cursor=_____________________________w")]
    [InlineData("cursor=________________________________")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=many")]
    [InlineData("converter=No%20Such")]
    public async Task List_WithWhatIsNotRight_Is400(string query)
    {
        var installation = await servers.SharedAsync();
        using var response = await installation.First.GetAsync("/api/gallery?" + query, Guid.NewGuid());
        var (status, type, _) = await StorageManagerProcess.ProblemAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-parameters"), (status, type));
    }
}
