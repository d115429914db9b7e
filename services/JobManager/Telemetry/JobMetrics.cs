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
    private readonly Counter<long> _saved;
    private readonly Counter<long> _saveRetried;
    private readonly Counter<long> _saveFailed;
    private readonly Histogram<double> _saveTime;
    private volatile StoreFigures _figures = new([], 0, 0, new SaveFigures(0, TimeSpan.Zero, 0));

    public JobMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _accepted = _meter.CreateCounter<long>("image_editor.jobs.accepted", "{job}", "Jobs that were stored and queued");
        _done = _meter.CreateCounter<long>("image_editor.jobs.done", "{job}", "Jobs that ended with a result");
        _failed = _meter.CreateCounter<long>("image_editor.jobs.failed", "{job}", "Jobs that ended with a problem");
        _cancelled = _meter.CreateCounter<long>("image_editor.jobs.cancelled", "{job}", "Jobs that their client cancelled");
        _retried = _meter.CreateCounter<long>("image_editor.jobs.retried", "{job}", "Attempts after which the job went back to the queue");
        _takenOver = _meter.CreateCounter<long>("image_editor.jobs.taken_over", "{job}", "Claims of jobs whose lease had run out");
        _queueTime = _meter.CreateHistogram<double>("image_editor.jobs.claim_age", "s", "Age of jobs when they are claimed");
        _meter.CreateObservableGauge("image_editor.jobs.queued", () => _figures.Queues.Select(queue => Of(queue.Length, queue.Converter)), "{job}", "Jobs that wait");
        _meter.CreateObservableGauge("image_editor.jobs.queue_age", () => _figures.Queues.Select(queue => Of(queue.Oldest.TotalSeconds, queue.Converter)), "s", "Age of the oldest job that waits");
        _meter.CreateObservableGauge("image_editor.jobs.running", () => _figures.Running, "{job}", "Jobs that are leased");
        _meter.CreateObservableGauge("image_editor.store.bytes", () => _figures.Bytes, "By", "Inputs and results in the store");
        _saved = _meter.CreateCounter<long>("image_editor.saves.saved", "{save}", "Jobs whose images are in their owner's gallery");
        _saveRetried = _meter.CreateCounter<long>("image_editor.saves.retried", "{save}", "Attempts after which the save waits again");
        _saveFailed = _meter.CreateCounter<long>("image_editor.saves.failed", "{save}", "Saves that ended without a picture in the gallery");
        _saveTime = _meter.CreateHistogram<double>("image_editor.saves.delay", "s", "From a job's end until it is saved");
        _meter.CreateObservableGauge("image_editor.saves.waiting", () => _figures.Saves.Waiting, "{save}", "Saves that wait and could be claimed");
        _meter.CreateObservableGauge("image_editor.saves.age", () => _figures.Saves.Oldest.TotalSeconds, "s", "How long ago the job ended whose save waits longest");
        _meter.CreateObservableGauge("image_editor.saves.bytes", () => _figures.Saves.Bytes, "By", "What saves hold, and running jobs reserve for theirs");
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

    /// <summary>Counts a save that is done.</summary>
    /// <param name="delay">How long after its job's end.</param>
    public void Saved(TimeSpan delay)
    {
        _saved.Add(1);
        _saveTime.Record(delay.TotalSeconds);
    }

    public void SaveRetried(string outcome) => _saveRetried.Add(1, KeyValuePair.Create<string, object?>("outcome", outcome));

    public void SaveFailed(string reason) => _saveFailed.Add(1, KeyValuePair.Create<string, object?>("reason", reason));

    public void TakenOver() => _takenOver.Add(1);

    public void Dispose() => _meter.Dispose();

    private static Measurement<T> Of<T>(T value, string converter)
        where T : struct => new(value, KeyValuePair.Create<string, object?>("converter", converter));
}
