using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageEditor.StorageManager.Tests.Saves;

/// <summary>Saves: once, whole, or not at all.</summary>
public sealed class SaveTests(TestServers servers)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly (string, string) OftenSwept = ("Gallery__SweepInterval", "00:00:00.2");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task Save_RepeatedAndManyAtOnce_SavesOnceAndLeavesNothingElse(StorageKind kind)
    {
        await using var installation = await servers.StartAsync(kind, replicas: 2, OftenSwept);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12)
                .Select(i => installation.Replicas[i % 2].SaveAsync(owner, picture with { Converted = TestPicture.Bytes(200_000) })));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer));
        Assert.Equal(HttpStatusCode.NoContent, await installation.First.SaveAsync(owner, picture));

        var item = Assert.Single(await installation.Second.ListAsync(owner));
        await Until.TrueAsync("the other uploads are gone", Timeout, async () => await installation.UploadsAsync(owner) == 0, Cancel);
        Assert.Equal(3, installation.Storage.Keys(owner).Count);
        Assert.Equal(picture.Original, await installation.First.BytesAsync($"/api/gallery/{item.GetProperty("id")}/original", owner));
    }

    [Fact]
    public async Task Save_WithABodyThatIsNotRight_IsRefusedForGood()
    {
        await using var installation = await servers.StartAsync(
            settings:
            [
                OftenSwept,
                ("Pictures__MaxBytes", "4000"),
                ("Gallery__MaxConvertedBytes", "6000"),
                ("Gallery__MaxThumbnailBytes", "1000"),
                ("Gallery__MaxDisplayBytes", "2000"),
            ]);
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        var metadata = picture.Metadata();
        var image = TestPicture.Bytes(100);
        const string Step = """{"converter":"contrast","parameters":{}}""";
        (string Name, string Text)[] bad =
        [
            ("metadata", "{}"), ("metadata", "null"), ("metadata", "[]"), ("metadata", "no json"),
            With("640", "0"), With("640", "\"wide\""), With("contrast", "No Such"), With("createdAt", "createdWhen"),
            With("\"parameters\": {", "\"parameters\": [], \"x\": {"), With("thumbnail", "thumbnails"),
            WithRecipe("[]"), WithRecipe("{}"), WithRecipe("[null]"), WithRecipe("[{}]"), WithRecipe("""[{"parameters":{}}]"""),
            WithRecipe("""[{"converter":"crop","parameters":{}}]"""), WithRecipe("""[{"converter":"contrast","parameters":[]}]"""),
            WithRecipe("[" + string.Join(',', Enumerable.Repeat(Step, 17)) + "]"),
            ("other", "?"), ("metadata", metadata.PadRight(200_000)),
        ];
        foreach (var (name, text) in bad)
        {
            using var form = new MultipartFormDataContent { { new StringContent(text, Encoding.UTF8, "application/json"), name } };
            form.Add(TestPicture.Image(image, "image/jpeg"), "original");
            form.Add(TestPicture.Image(image, "image/jpeg"), "converted");
            form.Add(TestPicture.Image(image, "image/webp"), "thumbnail");
            await RefusedAsync(form, text.Length > 100_000 ? "too-large" : "invalid-parameters");
        }

        foreach (var (parts, type) in new (string[] Parts, string Type)[]
        {
            (["original"], "image/jpeg"), (["converted"], "image/jpeg"), (["original", "original", "converted"], "image/jpeg"),
            (["original", "converted", "thumbnail"], "text/html"), (["original", "converted", "thumbnail"], "image/svg+xml"),
            (["original", "converted"], "image/jpeg"), (["original", "converted", "thumbnail", "display"], "image/jpeg"),
        })
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent(metadata, Encoding.UTF8, "application/json"), "metadata" },
            };
            foreach (var part in parts)
            {
                form.Add(TestPicture.Image(image, type), part);
            }

            await RefusedAsync(form, "invalid-parameters");
        }

        using (var empty = (picture with { Original = [] }).Form())
        {
            await RefusedAsync(empty, "invalid-parameters");
        }

        foreach (var large in new[]
        {
            picture with { Original = new byte[4001] },
            picture with { Converted = new byte[3_000_000] },
            picture with { Thumbnail = new byte[1001] },
            picture with { Display = new byte[2001] },
        })
        {
            using var form = large.Form();
            await RefusedAsync(form, "too-large");
        }

        using (var raw = TestPicture.Image(image, "image/jpeg"))
        {
            await RefusedAsync(raw, "invalid-parameters");
        }

        Assert.Empty(await installation.First.ListAsync(owner));
        await Until.TrueAsync(
            "nothing is left",
            Timeout,
            async () => await installation.UploadsAsync(owner) == 0 && installation.Storage.Keys(owner).Count == 0,
            Cancel);
        Assert.Equal(
            HttpStatusCode.NoContent,
            await installation.First.SaveAsync(
                owner, picture with { Original = new byte[4000], Converted = new byte[6000], Thumbnail = new byte[1000] }));

        (string, string) With(string text, string other) => ("metadata", metadata.Replace(text, other, StringComparison.Ordinal));

        (string, string) WithRecipe(string recipe) => With("\"parameters\"", $"\"recipe\": {recipe}, \"parameters\"");

        async Task RefusedAsync(HttpContent body, string type)
        {
            using var response = await installation.First.Http.PutAsync($"/pictures/{owner}/{picture.JobId}", body);
            var problem = await StorageManagerProcess.ProblemAsync(response);
            Assert.Equal(
                (type == "too-large" ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.BadRequest, type),
                (problem.Status, problem.Type));
        }
    }

    [Theory]
    [InlineData("..", null)]
    [InlineData("..%2f..%2fetc", null)]
    [InlineData("%2e%2e", null)]
    [InlineData("nobody", null)]
    [InlineData("00000000000000000000000000000000", null)]
    [InlineData("{00000000-0000-0000-0000-000000000001}", null)]
    [InlineData("00000000-0000-0000-0000-00000000000g", null)]
    [InlineData(null, "x")]
    [InlineData(null, "..%2f..%2fx")]
    [InlineData(null, "p0-0000000000000000000000000000000G")]
    [InlineData(null, "p0-0000000000000000000000000000000A")]
    [InlineData(null, "p0-00000000000000000000000000000000%0a")]
    [InlineData(null, "p0-..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2f00")]
    [InlineData(null, "p1-00000000000000000000000000000000")]
    public async Task Save_ForAHostileOwnerOrJob_IsRefusedAndWritesNothing(string? owner, string? job)
    {
        var installation = await servers.SharedAsync();
        var uploads = await installation.AskAsync<long>("select count(*) from uploads");
        using var form = TestPicture.New().Form();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(
            $"{installation.First.Http.BaseAddress}pictures/{owner ?? $"{Guid.NewGuid()}"}/{job ?? TestPicture.NewJob()}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Content = form;

        using var response = await installation.First.Http.SendAsync(request, Cancel);

        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.NotFound });
        Assert.Equal(uploads, await installation.AskAsync<long>("select count(*) from uploads"));
    }

    [Fact]
    public async Task Save_WhoseCallerAborts_SavesNothingAndIsSwept()
    {
        await using var installation = await servers.StartAsync(settings: OftenSwept);
        var (owner, job) = (Guid.NewGuid(), TestPicture.NewJob());
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, installation.First.Http.BaseAddress!.Port, Cancel);
            var request = $"PUT /pictures/{owner}/{job} HTTP/1.1\r\nHost: x\r\nX-Internal-Key: {StorageManagerProcess.InternalKey}\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 10000\r\n\r\n"
                + "--b\r\nContent-Disposition: form-data; name=original\r\nContent-Type: image/png\r\n\r\nhalf of it";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancel);
            await Until.TrueAsync("the upload has begun", Timeout, async () => await installation.UploadsAsync(owner) == 1, Cancel);
        }

        await Until.TrueAsync(
            "nothing is left",
            Timeout,
            async () => await installation.UploadsAsync(owner) == 0 && installation.Storage.Keys(owner).Count == 0,
            Cancel);
        Assert.Equal(0, await installation.PicturesAsync(owner));
    }

    [Theory, InlineData(StorageKind.FileSystem), InlineData(StorageKind.S3)]
    public async Task Save_OfTheLargestImages_HoldsNoneOfThemInMemory(StorageKind kind)
    {
        // Garbage is collected when it fills the first generation, whose size follows the processor's cache: fixed, growth shows what is
        // held.
        await using var installation = await servers.StartAsync(kind, settings: ("DOTNET_GCgen0size", "1000000"));
        var owner = Guid.NewGuid();
        await installation.First.SaveNewAsync(owner, TestPicture.New());
        var before = Peak();
        var large = TestPicture.New() with { Original = TestPicture.Bytes(20_000_000), Converted = TestPicture.Bytes(64 << 20) };
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await installation.First.SaveNewAsync(owner, large with { JobId = TestPicture.NewJob() }));
        }

        Assert.Equal(large.Converted, await installation.First.BytesAsync($"/api/gallery/{ids[0]}/converted", owner));
        Assert.True(Peak() - before < 64 << 20, $"The process grew by {(Peak() - before) >> 20} MB.");

        long Peak()
        {
            var line = File.ReadLines($"/proc/{installation.First.Process.Id}/status")
                .Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], null) << 10;
        }
    }
}
