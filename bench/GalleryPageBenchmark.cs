using System.Diagnostics;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Npgsql;

namespace ImageEditor.Bench;

/// <summary>Pages of a large gallery, as the storage manager answers them: with its database, and nothing else running.</summary>
internal static class GalleryPageBenchmark
{
    private const int Pictures = 100_000;
    private const int Page = 50;
    private const int Rounds = 300;
    private const string Key = "bench";
    private static readonly string[] Kept = ["postgres", "postgres-password", "metadata", "images", "storage-manager", "internal-key"];

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageEditor_AppHost>(
            [$"--Parameters:internal-key={Key}"], cancellationToken);
        foreach (var resource in builder.Resources.Where(resource => !Kept.Contains(resource.Name)).ToList())
        {
            builder.Resources.Remove(resource);
        }

        await using var app = await builder.BuildAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("storage-manager", cancellationToken);
        var owner = Guid.NewGuid();
        await FillAsync((await app.GetConnectionStringAsync("metadata", cancellationToken))!, owner, cancellationToken);

        using var client = app.CreateHttpClient("storage-manager", "http");
        client.DefaultRequestHeaders.Add("X-Internal-Key", Key);
        client.DefaultRequestHeaders.Add("X-Authenticated-User", owner.ToString());

        Console.WriteLine($"| page of {Page} out of {Pictures:N0} pictures | p50 | p99 | largest |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var filter in new[] { "", "&converter=grayscale" })
        {
            var (middle, last) = await WalkAsync(client, filter, cancellationToken);
            foreach (var (name, cursor) in new[] { ("first", ""), ("middle", "&cursor=" + middle), ("last", "&cursor=" + last) })
            {
                var times = new List<double>();
                for (var round = -Rounds; round < Rounds; round++)
                {
                    var clock = Stopwatch.StartNew();
                    await client.GetByteArrayAsync(
                        new Uri($"/api/gallery?limit={Page}{filter}{cursor}", UriKind.Relative), cancellationToken);

                    // The first half is for the just-in-time compiler.
                    if (round >= 0)
                    {
                        times.Add(clock.Elapsed.TotalMilliseconds);
                    }
                }

                times.Sort();
                Console.WriteLine(
                    $"| {name}{(filter.Length == 0 ? "" : ", of one converter")} "
                    + $"| {times[Rounds / 2]:0.0} ms | {times[Rounds * 99 / 100]:0.0} ms | {times[^1]:0.0} ms |");
            }
        }
    }

    /// <summary>Goes through the whole gallery, as a client does, and notes where the middle and the last page begin.</summary>
    private static async Task<(string Middle, string Last)> WalkAsync(HttpClient client, string filter, CancellationToken cancellationToken)
    {
        var cursors = new List<string>();
        string? next = "";
        while (next is not null)
        {
            var page = JsonDocument.Parse(await client.GetStringAsync(
                new Uri(
                    $"/api/gallery?limit=200{filter}{(next.Length == 0 ? "" : "&cursor=" + next)}",
                    UriKind.Relative), cancellationToken)).RootElement;
            next = page.GetProperty("next").GetString();
            if (next is not null)
            {
                cursors.Add(next);
            }
        }

        return (cursors[cursors.Count / 2], cursors[^1]);
    }

    private static async Task FillAsync(string address, Guid owner, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(address);
        await using var fill = source.CreateCommand(
            """
            insert into pictures (
                id, owner, job_id, created_at, converter, parameters,
                original_type, original_bytes, original_hash, original_width, original_height,
                converted_type, converted_bytes, converted_hash, converted_width, converted_height,
                thumbnail_type, thumbnail_bytes, thumbnail_hash, thumbnail_width, thumbnail_height)
            select gen_random_uuid(), $1, 'p0-' || replace(gen_random_uuid()::text, '-', ''), now() - interval '20 seconds' * n,
                case when n % 2 = 0 then 'grayscale' else 'contrast' end, '{"amount":40}',
                'image/jpeg', 2000000, sha256('a'), 4000, 3000,
                'image/jpeg', 2000000, sha256('b'), 4000, 3000,
                'image/webp', 30000, sha256('c'), 512, 384
            from generate_series(1, $2) n order by random()
            """);
        fill.Parameters.Add(new NpgsqlParameter { Value = owner });
        fill.Parameters.Add(new NpgsqlParameter { Value = Pictures });
        fill.CommandTimeout = 0;
        await fill.ExecuteNonQueryAsync(cancellationToken);
        await using var analyze = source.CreateCommand("vacuum analyze pictures");
        analyze.CommandTimeout = 0;
        await analyze.ExecuteNonQueryAsync(cancellationToken);
    }
}
