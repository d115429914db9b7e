using System.Diagnostics.Metrics;
using ImageEditor.JobManager.Jobs;

namespace ImageEditor.JobManager.Telemetry;

/// <summary>The job manager's figures. Counters are this replica's; gauges show the whole store, so take any replica's, not their sum.</summary>
internal sealed class JobMetrics : IDisposable
{
    public const string MeterName = "ImageEditor.JobManager";

    private readonly Meter _meter;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _done;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _takenOver;
    private readonly Histogram<double> _queueTime;
    private volatile StoreFigures _figures = new([], 0, 0);

    public JobMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _accepted = _meter.CreateCounter<long>("jobs.accepted", "{job}");
        _done = _meter.CreateCounter<long>("jobs.done", "{job}");
        _failed = _meter.CreateCounter<long>("jobs.failed", "{job}");
        _cancelled = _meter.CreateCounter<long>("jobs.cancelled", "{job}");
        _retried = _meter.CreateCounter<long>("jobs.retried", "{job}", "Attempts after which the job went back to the queue");
        _takenOver = _meter.CreateCounter<long>("jobs.taken_over", "{job}", "Claims of jobs whose lease had run out");
        _queueTime = _meter.CreateHistogram<double>("jobs.claim_age", "s", "Age of jobs when they are claimed");
        _meter.CreateObservableGauge("jobs.queued", () => _figures.Queues.Select(queue => Of(queue.Length, queue.Converter)), "{job}");
        _meter.CreateObservableGauge("jobs.queue_age", () => _figures.Queues.Select(queue => Of(queue.Oldest.TotalSeconds, queue.Converter)), "s", "Age of the oldest job that waits");
        _meter.CreateObservableGauge("jobs.running", () => _figures.Running, "{job}");
        _meter.CreateObservableGauge("store.bytes", () => _figures.Bytes, "By", "Inputs and results in the store");
    }

    /// <summary>Sets what the gauges show.</summary>
    public void Observe(StoreFigures figures) => _figures = figures;

    public void Accepted(string converter) => _accepted.Add(1, KeyValuePair.Create<string, object?>("converter", converter));

    public void Claimed(string converter, TimeSpan age) => _queueTime.Record(age.TotalSeconds, KeyValuePair.Create<string, object?>("converter", converter));

    /// <summary>Counts a job's end.</summary>
    /// <param name="state">Done, failed or cancelled.</param>
    public void Ended(string state) => (state switch
    {
        JobState.Done => _done,
        JobState.Failed => _failed,
        _ => _cancelled,
    }).Add(1);

    public void Retried(string kind) => _retried.Add(1, KeyValuePair.Create<string, object?>("kind", kind));

    public void TakenOver() => _takenOver.Add(1);

    public void Dispose() => _meter.Dispose();

    private static Measurement<T> Of<T>(T value, string converter)
        where T : struct => new(value, KeyValuePair.Create<string, object?>("converter", converter));
}
