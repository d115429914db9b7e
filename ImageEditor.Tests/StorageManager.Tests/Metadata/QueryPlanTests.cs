using System.Text.Json;
using ImageEditor.StorageManager.Gallery;
using ImageEditor.StorageManager.Metadata;
using Npgsql;

namespace ImageEditor.StorageManager.Tests.Metadata;

/// <summary>
/// A page of a large gallery costs what a page of a small one costs: the plans of the very statements that the service runs.
/// </summary>
public sealed class QueryPlanTests(TestServers servers)
{
    private const int Pictures = 100_000;
    private const int OtherPictures = 20_000;
    private const int Rows = 51;

    // Each row's page at the worst, and the way down the index.
    private const int MaxBlocks = Rows + 10;

    [Fact]
    public async Task Page_OfAHundredThousandPictures_ReadsAsManyRowsAsItReturns()
    {
        await using var installation = await servers.StartAsync();
        var owner = Guid.NewGuid();
        await FillAsync(installation, owner, Pictures);
        await FillAsync(installation, Guid.NewGuid(), OtherPictures);
        await installation.ExecuteAsync("vacuum analyze pictures");

        var middle = await CursorAsync(installation, owner, Pictures / 2);
        var last = await CursorAsync(installation, owner, Pictures - Rows - 1);
        foreach (var cursor in new[] { PageCursor.Start, middle })
        {
            Assert.Equal(Rows, await CheckPageAsync(inOrder: true, cursor));
            Assert.Equal(Rows, await CheckPageAsync(inOrder: true, cursor, "grayscale"));
        }

        Assert.Equal(Rows, await CheckPageAsync(inOrder: false, last));

        // A converter that is rare: the last page of it.
        var rare = await CursorAsync(installation, owner, (Pictures / 1000) - Rows - 1, "rare");
        Assert.Equal(Rows, await CheckPageAsync(inOrder: false, rare, "rare"));

        // The same through the service: pages of 200, each picture once.
        var page = await installation.First.JsonAsync($"/api/gallery?limit=200&cursor={last}", owner);
        Assert.Equal((Rows, JsonValueKind.Null), (page.GetProperty("items").GetArrayLength(), page.GetProperty("next").ValueKind));

        Task<double> CheckPageAsync(bool inOrder, PageCursor cursor, string? converter = null) => converter is null
            ? CheckAsync(installation, Sql.Page, "pictures_page", inOrder, owner, cursor.CreatedAt, cursor.Id, Rows)
            : CheckAsync(
                installation, Sql.PageOfConverter, "pictures_converter_page", inOrder, owner, cursor.CreatedAt, cursor.Id, Rows, converter);
    }

    /// <summary>The pages of a converter that is a later step: each row costs a look at its picture, and no more are read.</summary>
    [Fact]
    public async Task Page_OfALaterStep_ReadsAsManyRowsAsItReturns()
    {
        await using var installation = await servers.StartAsync();
        var owner = Guid.NewGuid();
        await FillAsync(installation, owner, Pictures);
        await installation.ExecuteAsync(
            "insert into later_steps select id, owner, 'crop', created_at from pictures where converter = 'grayscale'");
        await installation.ExecuteAsync("vacuum analyze pictures, later_steps");

        var plan = await PlanAsync(
            installation, Sql.PageOfLaterStep, owner, PageCursor.Start.CreatedAt, PageCursor.Start.Id, Rows, "crop");

        Assert.DoesNotContain("Seq Scan", plan.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan.GetRawText(), StringComparison.Ordinal);
        var scan = Assert.Single(
            Nodes(plan), node => node.TryGetProperty("Index Name", out var name) && name.GetString() == "later_steps_page");
        Assert.Equal(Rows, scan.GetProperty("Actual Rows").GetDouble());
    }

    /// <summary>Checks a plan.</summary>
    /// <returns>How many rows were read.</returns>
    private static async Task<double> CheckAsync(
        Installation installation, string query, string index, bool inOrder, params object[] parameters)
    {
        var plan = await PlanAsync(installation, query, parameters);
        var scan = Assert.Single(Nodes(plan), node => node.TryGetProperty("Index Name", out _));
        Assert.Equal(index, scan.GetProperty("Index Name").GetString());
        Assert.Contains("ROW(created_at, id) < ", scan.GetProperty("Index Cond").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(Nodes(plan), node => node.TryGetProperty("Filter", out _));
        var blocks = plan.GetProperty("Shared Hit Blocks").GetInt64() + plan.GetProperty("Shared Read Blocks").GetInt64();
        Assert.True(blocks <= MaxBlocks, $"{blocks} blocks were read: {plan.GetRawText()}");

        // Where little is left, reading all of it and sorting that is as good.
        if (inOrder)
        {
            Assert.Equal(
                ("Index Scan", "Backward"), (scan.GetProperty("Node Type").GetString(), scan.GetProperty("Scan Direction").GetString()));
            Assert.DoesNotContain("Sort", plan.GetRawText(), StringComparison.Ordinal);
        }

        return scan.GetProperty("Actual Rows").GetDouble();
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement plan) =>
        plan.TryGetProperty("Plans", out var below) ? below.EnumerateArray().SelectMany(Nodes).Prepend(plan) : [plan];

    private static async Task<JsonElement> PlanAsync(Installation installation, string query, params object[] parameters)
    {
        var answer = await installation.AskAsync<string>("explain (analyze, buffers, format json) " + query, parameters);
        return JsonDocument.Parse(answer).RootElement[0].GetProperty("Plan");
    }

    private static async Task<PageCursor> CursorAsync(Installation installation, Guid owner, int after, string? converter = null)
    {
        await using var command = installation.Database.CreateCommand(
            """
            select created_at, id from pictures where owner = $1 and ($3::text is null or converter = $3)
            order by created_at desc, id desc offset $2 limit 1
            """);
        foreach (var value in new object[] { owner, after, (object?)converter ?? DBNull.Value })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return new PageCursor(reader.GetDateTime(0), reader.GetGuid(1));
    }

    private static Task<int> FillAsync(Installation installation, Guid owner, int pictures) => installation.ExecuteAsync(
        """
        insert into pictures (
            id, owner, job_id, created_at, converter, parameters,
            original_type, original_bytes, original_hash, original_width, original_height,
            converted_type, converted_bytes, converted_hash, converted_width, converted_height)
        select gen_random_uuid(), $1, 'p0-' || replace(gen_random_uuid()::text, '-', ''), now() - interval '20 seconds' * (n / 3),
            case when n % 1000 = 0 then 'rare' when n % 2 = 0 then 'grayscale' else 'contrast' end, '{}',
            'image/jpeg', 1000, '\x00', 10, 10, 'image/jpeg', 1000, '\x00', 10, 10
        from generate_series(1, $2) n order by random()
        """, owner, pictures);
}
