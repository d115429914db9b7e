using System.Net;
using System.Text;

namespace ImageEditor.StorageManager.Tests.Recipes;

/// <summary>The recipes that a person keeps under names.</summary>
public sealed class NamedRecipesTests(TestServers servers)
{
    private const string Steps =
        """[{"converter":"crop","parameters":{"ratio":"3:2"}},{"converter":"contrast","parameters":{"amount":40}}]""";

    [Fact]
    public async Task Put_ThenGetAndList_IsTheRecipeAtBothReplicas()
    {
        var installation = await servers.SharedAsync();
        var (first, second, owner) = (installation.First, installation.Second, Guid.NewGuid());

        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(first, owner, "warm%20%26%20soft", Steps));
        Assert.Equal(
            HttpStatusCode.NoContent, await PutAsync(first, owner, "caf%C3%A9", """[ { "converter": "sepia", "parameters": {} } ]"""));

        Assert.Equal(Steps, (await second.JsonAsync("/api/recipes/warm%20%26%20soft", owner)).GetRawText());
        var items = (await second.JsonAsync("/api/recipes", owner)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["caf\u00e9", "warm & soft"], items.Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(["name", "updatedAt", "recipe"], items[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(Steps, items[1].GetProperty("recipe").GetRawText());
        Assert.EndsWith("Z", items[1].GetProperty("updatedAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_OfANameThatIsThere_TakesThePlaceOfTheRecipe()
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());
        await PutAsync(replica, owner, "mine", Steps);

        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(replica, owner, "mine", """[{"converter":"sepia","parameters":{}}]"""));

        Assert.Equal(
            """[{"converter":"sepia","parameters":{}}]""", (await replica.JsonAsync("/api/recipes/mine", owner)).GetRawText());
        Assert.Equal(1, await CountAsync(replica, owner));
    }

    [Fact]
    public async Task Delete_OfARecipe_MayBeRepeated()
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());
        await PutAsync(replica, owner, "mine", Steps);

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, await replica.StatusAsync(HttpMethod.Delete, "/api/recipes/mine", owner));
            await NotFoundAsync(replica, owner, "mine");
        }
    }

    [Fact]
    public async Task Recipe_OfSomebodyElse_IsNotThere()
    {
        var (replica, owner, other) = ((await servers.SharedAsync()).First, Guid.NewGuid(), Guid.NewGuid());
        await PutAsync(replica, owner, "mine", Steps);

        await NotFoundAsync(replica, other, "mine");
        Assert.Equal(0, await CountAsync(replica, other));
        await replica.StatusAsync(HttpMethod.Delete, "/api/recipes/mine", other);
        Assert.Equal(1, await CountAsync(replica, owner));
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await replica.StatusAsync(method, "/api/recipes/mine", owner: null));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await replica.StatusAsync(HttpMethod.Get, "/api/recipes", owner: null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("[1]")]
    [InlineData("[")]
    [InlineData("""[{"parameters":{}}]""")]
    [InlineData("""[{"converter":"contrast","params":{}}]""")]
    [InlineData("""[{"Converter":"contrast","parameters":{}}]""")]
    [InlineData("""[{"converter":"contrast","converter":"sepia","parameters":{}}]""")]
    [InlineData("""[{"converter":"contrast","parameters":{"amount":1,"amount":2}}]""")]
    [InlineData("""[{"converter":"contrast","parameters":[]}]""")]
    [InlineData("""[{"converter":"contrast","parameters":null}]""")]
    [InlineData("""[{"converter":"No Such","parameters":{}}]""")]
    [InlineData("""[{"converter":null,"parameters":{}}]""")]
    [InlineData("""[{"converter":7,"parameters":{}}]""")]
    [InlineData("""[{"converter":"contrast","parameters":{}}] and more""")]
    public async Task Put_OfWhatIsNoRecipe_Is400(string body)
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());

        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(replica, owner, "mine", body));
        Assert.Equal(0, await CountAsync(replica, owner));
    }

    [Fact]
    public async Task Put_OfAStepWithoutParameters_KeepsThatItHasNone()
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());

        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(replica, owner, "mine", """[{"converter":"sepia"}]"""));
        Assert.Equal("""[{"converter":"sepia","parameters":{}}]""", (await replica.JsonAsync("/api/recipes/mine", owner)).GetRawText());
    }

    /// <summary>A Mac writes letters and accents apart, other keyboards together.</summary>
    [Fact]
    public async Task Recipe_WhoseNameIsWrittenAnotherWay_IsTheSame()
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());

        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(replica, owner, "cafe%CC%81", Steps));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(replica, owner, "caf%C3%A9", Steps));

        var item = Assert.Single((await replica.JsonAsync("/api/recipes", owner)).GetProperty("items").EnumerateArray());
        Assert.Equal("caf\u00e9", item.GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NoContent, await replica.StatusAsync(HttpMethod.Delete, "/api/recipes/cafe%CC%81", owner));
        await NotFoundAsync(replica, owner, "caf%C3%A9");
    }

    /// <summary>A replica of the release before knows of no recipes when it removes an account.</summary>
    [Fact]
    public async Task Sweep_AfterAnAccountWasRemovedWithoutItsRecipes_RemovesThem()
    {
        await using var installation = await servers.StartAsync(settings: ("Gallery__SweepInterval", "00:00:00.2"));
        var (replica, owner, other) = (installation.First, Guid.NewGuid(), Guid.NewGuid());
        await PutAsync(replica, owner, "mine", Steps);
        await PutAsync(replica, other, "others", Steps);

        await installation.ExecuteAsync("insert into owners (owner, gone_at) values ($1, clock_timestamp())", owner);

        await Until.TrueAsync(
            "the recipes are gone",
            TimeSpan.FromSeconds(60),
            async () => await CountAsync(replica, owner) == 0,
            TestContext.Current.CancellationToken);
        Assert.Equal(1, await CountAsync(replica, other));
    }

    /// <summary>Such a text can be read and perhaps not be written again: then it must not keep its owner from the other recipes.</summary>
    [Theory]
    [InlineData("""[{"converter":"contrast","parameters":{"half":"\ud83d"}}]""")]
    [InlineData("""[{"converter":"contrast","parameters":{"\ud83d":1}}]""")]
    public async Task Put_OfHalfACharacter_IsRefusedOrCanBeReadAgain(string body)
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());

        var status = await PutAsync(replica, owner, "mine", body);

        Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.NoContent, $"{status}");
        var kept = status == HttpStatusCode.NoContent;
        Assert.Equal(
            kept ? HttpStatusCode.OK : HttpStatusCode.NotFound, await replica.StatusAsync(HttpMethod.Get, "/api/recipes/mine", owner));
        Assert.Equal(HttpStatusCode.OK, await replica.StatusAsync(HttpMethod.Get, "/api/recipes", owner));
    }

    [Fact]
    public async Task Put_OfARecipeAsLongAsMayBe_CountsStepsAndBytes()
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());

        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(replica, owner, "steps", Repeat(16)));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(replica, owner, "steps", Repeat(17)));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(replica, owner, "bytes", Steps.PadRight(16 << 10)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync(replica, owner, "bytes", Steps.PadRight((16 << 10) + 1)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync(replica, owner, "bytes", Steps.PadRight(10_000_000)));

        static string Repeat(int steps)
        {
            const string Step = """{"converter":"contrast","parameters":{"text":"\u0000"}}""";
            return "[" + string.Join(',', Enumerable.Repeat(Step, steps)) + "]";
        }
    }

    [Theory]
    [InlineData("a%2Fb")]
    [InlineData("a%2fb")]
    [InlineData("a%252Fb")]
    [InlineData("a%5Cb")]
    [InlineData("a%0Ab")]
    [InlineData("%20")]
    [InlineData("a%E2%80%AEb")]
    public async Task Recipe_WithANameThatIsNone_Is400(string name)
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());

        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(replica, owner, name, Steps));
        Assert.Equal(HttpStatusCode.BadRequest, await replica.StatusAsync(HttpMethod.Get, "/api/recipes/" + name, owner));
        Assert.Equal(0, await CountAsync(replica, owner));
    }

    [Fact]
    public async Task Put_OfWhatIsNoJson_Is415()
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PutAsync(replica, owner, "mine", Steps, "text/plain"));
    }

    /// <summary>Each counts the others', whichever replica they come to.</summary>
    [Fact]
    public async Task Put_OfManyAtOnce_KeepsAHundred()
    {
        var installation = await servers.SharedAsync();
        var (first, second, owner) = (installation.First, installation.Second, Guid.NewGuid());
        for (var i = 0; i < 95; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, await PutAsync(first, owner, $"recipe-{i}", Steps));
        }

        var statuses = await Task.WhenAll(
            Enumerable.Range(95, 20).Select(i => PutAsync(i % 2 == 0 ? first : second, owner, $"recipe-{i}", Steps)));

        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.NoContent));
        Assert.Equal(15, statuses.Count(status => status == HttpStatusCode.Conflict));
        Assert.Equal(100, await CountAsync(first, owner));

        // One that is there may still be changed, and one that goes makes room.
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(first, owner, "recipe-0", Steps));
        await first.StatusAsync(HttpMethod.Delete, "/api/recipes/recipe-0", owner);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(second, owner, "one-more", Steps));
        using var refused = await SendAsync(first, owner, "too-many", Steps);
        Assert.Equal("too-many-recipes", (await StorageManagerProcess.ProblemAsync(refused)).Type);
    }

    /// <summary>An access token outlives its account by some seconds.</summary>
    [Fact]
    public async Task Put_AroundTheEndOfTheAccount_LeavesNothing()
    {
        var installation = await servers.SharedAsync();
        for (var round = 0; round < 10; round++)
        {
            var owner = Guid.NewGuid();
            await PutAsync(installation.First, owner, "before", Steps);

            var puts = Enumerable.Range(0, 8).Select(i => PutAsync(installation.First, owner, $"amid-{i}", Steps)).ToList();
            Assert.Equal(
                HttpStatusCode.NoContent, await installation.Second.StatusAsync(HttpMethod.Delete, $"/owners/{owner}", owner: null));
            var statuses = await Task.WhenAll(puts);

            Assert.All(statuses, status => Assert.True(status is HttpStatusCode.NoContent or HttpStatusCode.Unauthorized, $"{status}"));
            Assert.Equal(HttpStatusCode.Unauthorized, await PutAsync(installation.First, owner, "after", Steps));
            Assert.Equal(0, await installation.AskAsync<long>("select count(*) from recipes where owner = $1", owner));
        }
    }

    [Fact]
    public async Task ClearingTheGallery_LeavesRecipes()
    {
        var (replica, owner) = ((await servers.SharedAsync()).First, Guid.NewGuid());
        await PutAsync(replica, owner, "mine", Steps);

        await replica.StatusAsync(HttpMethod.Delete, "/api/gallery", owner);

        Assert.Equal(1, await CountAsync(replica, owner));
    }

    private static async Task<HttpStatusCode> PutAsync(
        StorageManagerProcess replica, Guid owner, string name, string body, string type = "application/json")
    {
        using var response = await SendAsync(replica, owner, name, body, type);
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(
        StorageManagerProcess replica, Guid owner, string name, string body, string type = "application/json") =>
        replica.SendAsync(
            HttpMethod.Put, "/api/recipes/" + name, owner, request => request.Content = new StringContent(body, Encoding.UTF8, type));

    private static async Task<int> CountAsync(StorageManagerProcess replica, Guid owner) =>
        (await replica.JsonAsync("/api/recipes", owner)).GetProperty("items").GetArrayLength();

    private static async Task NotFoundAsync(StorageManagerProcess replica, Guid owner, string name)
    {
        using var response = await replica.GetAsync("/api/recipes/" + name, owner);
        var (status, type, _) = await StorageManagerProcess.ProblemAsync(response);
        Assert.Equal((HttpStatusCode.NotFound, "recipe-not-found"), (status, type));
    }
}
