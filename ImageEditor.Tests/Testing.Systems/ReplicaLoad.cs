using System.Diagnostics;
using System.Net;

namespace ImageEditor.Testing.Systems;

/// <summary>
/// Clients who keep the fake converter's replicas busy, more of them than the replicas have slots, each with a job that takes a second of
/// waiting and next to nothing of the processor.
/// </summary>
public sealed class ReplicaLoad : IAsyncDisposable
{
    /// <summary>Conversions that one replica runs at once. Each takes a second, so that these are its jobs a second, too.</summary>
    public const int SlotsEach = 4;

    private static readonly byte[] Picture = Images.Pictures.Png(64, 48);

    private readonly CancellationTokenSource _stop = new();
    private readonly ImageEditorClient _client;
    private readonly Task[] _clients;
    private int _done;
    private volatile string? _failure;

    private ReplicaLoad(ImageEditorApp app, int clients)
    {
        _client = app.CreateClient();
        _clients = [.. Enumerable.Range(0, clients).Select(_ => HandInAsync())];
    }

    /// <summary>
    /// Settings of a system for this: the replicas' slots, as many clients of one address as are needed, and a job store that has room for
    /// the results of all running jobs, of which each reserves as much as it may need. They need next to nothing, so the store's own limit is
    /// left as it is.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["slow/Slots"] = $"{SlotsEach}",
        ["gateway/Limits__SubmissionsPerSecond"] = "100000",
        ["gateway/Limits__RequestsPerSecond"] = "100000",
        ["gateway/Limits__MaxWaiters"] = "1000",
        ["job-manager/JobStore__MemoryBytes"] = $"{16L << 30}",
    };

    /// <summary>Starts clients for so many replicas: half as many again as those have slots.</summary>
    public static ReplicaLoad Start(ImageEditorApp app, int replicas) => new(app, SlotsEach * replicas * 3 / 2);

    /// <summary>Counts jobs that are done, once their rate has settled.</summary>
    /// <param name="settle">How long it has for that.</param>
    /// <param name="period">How long to count.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Jobs a second.</returns>
    /// <exception cref="InvalidOperationException">A job failed.</exception>
    public async Task<double> MeasureAsync(TimeSpan settle, TimeSpan period, CancellationToken cancellationToken)
    {
        await Task.Delay(settle, cancellationToken);
        var (done, watch) = (Volatile.Read(ref _done), Stopwatch.StartNew());
        await Task.Delay(period, cancellationToken);
        return _failure is { } failure
            ? throw new InvalidOperationException(failure)
            : (Volatile.Read(ref _done) - done) / watch.Elapsed.TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task HandInAsync()
    {
        try
        {
            while (_failure is null)
            {
                var key = Guid.NewGuid().ToString("N");
                Answer answer;
                do
                {
                    // 202 is that it waits for longer than a client may: the same key meets the same job.
                    answer = await _client.SubmitAndWaitAsync("converter=slow&ms=1000", Picture, "wait=30", key, _stop.Token);
                }
                while (answer.Status == HttpStatusCode.Accepted);

                if (answer.Status == HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref _done);
                }
                else
                {
                    _failure = $"A job ended with {(int)answer.Status}: {System.Text.Encoding.UTF8.GetString(answer.Body)}";
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Enough.
        }
        catch (HttpRequestException exception)
        {
            _failure = $"A client got no answer: {exception.Message}";
        }
    }
}
