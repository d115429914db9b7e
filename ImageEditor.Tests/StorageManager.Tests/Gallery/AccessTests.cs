using System.Net;

namespace ImageEditor.StorageManager.Tests.Gallery;

/// <summary>Every route: its owner, somebody else, nobody, and who has not the installation's key.</summary>
public sealed class AccessTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> OfOnePicture => new()
    {
        { "GET", "/api/gallery/{id}" }, { "GET", "/api/gallery/{id}/original" }, { "HEAD", "/api/gallery/{id}/original" },
        { "GET", "/api/gallery/{id}/converted" }, { "GET", "/api/gallery/{id}/thumbnail" },
        { "DELETE", "/api/gallery/{id}" }, { "POST", "/api/gallery/{id}/restore" },
    };

    public static TheoryData<string, string> OfTheGallery =>
        new() { { "GET", "/api/gallery" }, { "DELETE", "/api/gallery" }, { "GET", "/api/gallery.zip" } };

    [Theory, MemberData(nameof(OfOnePicture))]
    public async Task Picture_OfSomebodyElse_IsAsIfItWereNotThere(string method, string path)
    {
        var installation = await servers.SharedAsync();
        var (owner, stranger) = (Guid.NewGuid(), Guid.NewGuid());
        var id = await installation.First.SaveNewAsync(owner, TestPicture.New());
        var deleted = await installation.First.SaveNewAsync(stranger, TestPicture.New());
        await installation.First.StatusAsync(HttpMethod.Delete, $"/api/gallery/{deleted}", stranger);
        await installation.AgeDeletedAsync(stranger, TimeSpan.FromHours(25));

        string[] ids = [id, deleted, Guid.NewGuid().ToString(), "x", "..", "%00", "1 or 1=1"];
        var answers = new List<string>();
        foreach (var one in ids)
        {
            using var response = await installation.First.SendAsync(
                new HttpMethod(method), path.Replace("{id}", Uri.EscapeDataString(one), StringComparison.Ordinal), stranger);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            if (one is not "..")
            {
                var headers = string.Join(';', response.Headers.Select(header => header.Key).Order());
                answers.Add($"{headers} {response.Content.Headers.ContentType} {await response.Content.ReadAsStringAsync(Cancel)}");
            }
        }

        Assert.Single(answers.Distinct());
        Assert.Single(await installation.First.ListAsync(owner));
    }

    [Theory, MemberData(nameof(OfOnePicture)), MemberData(nameof(OfTheGallery))]
    public async Task Gallery_ForNobody_Is401(string method, string path)
    {
        var installation = await servers.SharedAsync();
        var owner = Guid.NewGuid();
        path = path.Replace("{id}", await installation.First.SaveNewAsync(owner, TestPicture.New()), StringComparison.Ordinal);
        foreach (var user in new[] { null, "", "x", "00000000", $"{owner:N}", $"{{{owner}}}", $"{owner},{owner}" })
        {
            using var response = await installation.First.SendAsync(new HttpMethod(method), path, null, request =>
            {
                if (user is not null)
                {
                    request.Headers.TryAddWithoutValidation("X-Authenticated-User", user);
                }

                request.Headers.Add("X_Authenticated_User", owner.ToString());
            });
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            if (method != "HEAD")
            {
                Assert.Equal("unauthorized", (await StorageManagerProcess.ProblemAsync(response)).Type);
            }
        }

        Assert.Single(await installation.First.ListAsync(owner));
    }

    [Theory, MemberData(nameof(OfOnePicture)), MemberData(nameof(OfTheGallery))]
    [InlineData("PUT", "/pictures/{owner}/{job}"), InlineData("DELETE", "/owners/{owner}")]
    public async Task Everything_WithoutTheInstallationsKey_Is401(string method, string path)
    {
        var installation = await servers.SharedAsync();
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        var id = await installation.First.SaveNewAsync(owner, picture);
        path = path.Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{owner}", $"{owner}", StringComparison.Ordinal)
            .Replace("{job}", picture.JobId, StringComparison.Ordinal);
        foreach (var key in new[] { null, "", "wrong", StorageManagerProcess.InternalKey + "x" })
        {
            using var client = new HttpClient { BaseAddress = installation.First.Http.BaseAddress };
            using var form = picture.Form();
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "PUT" ? form : null };
            request.Headers.Add("X-Authenticated-User", owner.ToString());
            if (key is not null)
            {
                request.Headers.TryAddWithoutValidation("X-Internal-Key", key);
            }

            using var response = await client.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Single(await installation.First.ListAsync(owner));
    }

    [Fact]
    public async Task Routes_AreAllInOneOfTheDocuments()
    {
        var installation = await servers.SharedAsync();
        using var client = new HttpClient { BaseAddress = installation.First.Http.BaseAddress };
        var open = await client.GetStringAsync("/openapi/public.json", Cancel);
        var inner = await client.GetStringAsync("/openapi/internal.json", Cancel);

        foreach (var path in OfOnePicture.Concat(OfTheGallery).Select(row => row.Data.Item2).Distinct())
        {
            Assert.Contains($"\"{path}\"", open, StringComparison.Ordinal);
        }

        Assert.Contains("\"/pictures/{owner}/{jobId}\"", inner, StringComparison.Ordinal);
        Assert.Contains("\"/owners/{owner}\"", inner, StringComparison.Ordinal);
    }
}
