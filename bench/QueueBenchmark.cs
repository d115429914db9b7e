using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.Testing.Systems;

namespace ImageEditor.Bench;

/// <summary>What a submission, a claim and a completion cost the job manager while jobs wait, by their number and by that of parties.</summary>
internal static class QueueBenchmark
{
    private const int Rounds = 300;
    private const int Runs = 3;
    private const int Parallelism = 16;
    private const int InputBytes = 2_000;

    private static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        // A queue is full at 20,000 jobs as shipped.
        ["job-manager/Jobs__MaxQueued"] = "1000000",
        ["job-manager/Jobs__AuditInterval"] = "00:00:10",
    };

    private static readonly byte[] Input = RandomNumberGenerator.GetBytes(InputBytes);

    public static async Task RunAsync(string store, CancellationToken cancellationToken)
    {
        await using var app = await ImageEditorApp.StartAsync(store, Settings, cancellationToken: cancellationToken);
        using var client = app.CreateTrustedClient("job-manager");
        client.Timeout = Timeout.InfiniteTimeSpan;
        var settings = string.Join(' ', Settings.Select(setting => $"{setting.Key}={setting.Value}"));
        Console.WriteLine($"store {store}; inputs of {InputBytes:N0} bytes; {settings}");
        Console.WriteLine();
        Console.WriteLine(
            "| jobs waiting | parties | submission p50 | p99 | claim p50 | p99 | completion p50 | p99 | filled, jobs a second |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");

        // Each queue is a converter's of which no program is there: nobody else claims from it.
        foreach (var (waiting, parties) in ((int, int)[])[(10_000, 1), (10_000, 1_000), (10, 10), (1_000, 10), (100_000, 10)])
        {
            var queue = new Queue(client, $"nobody-{waiting}-{parties}", parties, cancellationToken);
            var filled = Stopwatch.StartNew();
            await Parallel.ForEachAsync(
                Enumerable.Range(0, waiting),
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (job, _) => await queue.SubmitAsync(job));
            var rate = waiting / filled.Elapsed.TotalSeconds;
            await MeasureAsync(queue, waiting);
            var runs = new List<double[]>();
            for (var run = 0; run < Runs; run++)
            {
                runs.Add(await MeasureAsync(queue, waiting));
            }

            var figures = Enumerable.Range(0, runs[0].Length).Select(figure => Percentile([.. runs.Select(run => run[figure])], 0.5));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {waiting:N0} | {parties:N0} | {string.Join(" | ", figures.Select(figure => $"{figure:0.00} ms"))} | {rate:0} |"));
            await queue.EmptyAsync();
        }
    }

    /// <returns>Medians and 99th percentiles, in milliseconds, while as many wait as before.</returns>
    private static async Task<double[]> MeasureAsync(Queue queue, int waiting)
    {
        List<double> submissions = [], claims = [], completions = [];
        for (var round = 0; round < Rounds; round++)
        {
            submissions.Add(await TimeAsync(() => queue.SubmitAsync(waiting + round)));
            var claim = default((string, int)?);
            claims.Add(await TimeAsync(async () => claim = await queue.ClaimAsync()));
            completions.Add(await TimeAsync(() => queue.CompleteAsync(claim!.Value)));
        }

        return
        [
            Percentile(submissions, 0.5), Percentile(submissions, 0.99), Percentile(claims, 0.5), Percentile(claims, 0.99),
            Percentile(completions, 0.5), Percentile(completions, 0.99),
        ];
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Percentile(List<double> values, double share) =>
        values.Order().ElementAt((int)Math.Min(values.Count - 1, Math.Floor(share * values.Count)));

    /// <summary>One converter's queue, as conversion managers use it.</summary>
    private sealed class Queue(HttpClient client, string converter, int parties, CancellationToken cancellationToken)
    {
        public async Task SubmitAsync(int job)
        {
            var id = JobId.FromBytes(RandomNumberGenerator.GetBytes(JobId.ByteCount));
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/jobs?id={id}&converter={converter}&parameters=%7B%7D")
            {
                Content = Image(),
            };
            request.Headers.Add(ServiceHeaders.Party, $"party{job % parties}");
            using var response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
        }

        /// <returns>The job and the attempt.</returns>
        public async Task<(string Job, int Attempt)?> ClaimAsync()
        {
            using var response = await client.PostAsJsonAsync(
                "/claims", new { token = Guid.NewGuid().ToString("N"), converter, waitSeconds = 0 }, cancellationToken);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsStringAsync(cancellationToken) is { Length: > 0 } json
                && JsonDocument.Parse(json).RootElement is var claim
                ? (claim.GetProperty("jobId").GetString()!, claim.GetProperty("attempt").GetInt32())
                : null;
        }

        public async Task CompleteAsync((string Job, int Attempt) claim)
        {
            using var content = Image();
            using var response = await client.PutAsync(
                new Uri($"/jobs/{claim.Job}/result?attempt={claim.Attempt}&width=1&height=1", UriKind.Relative), content, cancellationToken);
            response.EnsureSuccessStatusCode();
        }

        /// <summary>Cancels what waits, as the operators' command does.</summary>
        public async Task EmptyAsync()
        {
            using var response = await client.DeleteAsync(new Uri($"/queues/{converter}", UriKind.Relative), cancellationToken);
            response.EnsureSuccessStatusCode();
        }

        private static ByteArrayContent Image()
        {
            var content = new ByteArrayContent(Input);
            content.Headers.ContentType = new("image/png");
            return content;
        }
    }
}
