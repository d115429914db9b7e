using System.Diagnostics.Metrics;
using ImageEditor.JobManager.Jobs;

namespace ImageEditor.JobManager.Sweeping;

/// <summary>Gauges of the whole store: take any replica's, not their sum.</summary>
internal sealed class StoreMetrics
{
    private volatile StoreStatistics _statistics = new([], 0, 0, new SaveStatistics(0, TimeSpan.Zero, 0));

    public StoreMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(JobMetrics.MeterName);
        meter.CreateObservableGauge(
            "image_editor.jobs.queued",
            () => _statistics.Queues.Select(queue => Measure(queue.Length, queue.Converter)), "{job}", "Jobs that wait");
        meter.CreateObservableGauge(
            "image_editor.jobs.set_aside",
            () => _statistics.Queues.Select(queue => Measure(queue.SetAside, queue.Converter)),
            "{job}", "Jobs that have a pause until the converter is tried again, beside those in its queue");
        meter.CreateObservableGauge(
            "image_editor.jobs.queue_age",
            () => _statistics.Queues.Select(queue => Measure(queue.Oldest.TotalSeconds, queue.Converter)),
            "s", "How long the job that is next has waited");
        meter.CreateObservableGauge("image_editor.jobs.running", () => _statistics.Running, "{job}", "Jobs that are leased");
        meter.CreateObservableGauge("image_editor.store.bytes", () => _statistics.Bytes, "By", "Inputs and results in the store");
        meter.CreateObservableGauge(
            "image_editor.saves.waiting", () => _statistics.Saves.Waiting, "{save}", "Saves that wait and could be claimed");
        meter.CreateObservableGauge(
            "image_editor.saves.age",
            () => _statistics.Saves.Oldest.TotalSeconds, "s", "How long ago the job ended whose save waits longest");
        meter.CreateObservableGauge(
            "image_editor.saves.bytes", () => _statistics.Saves.Bytes, "By", "What saves hold, and running jobs reserve for theirs");
    }

    /// <summary>Sets what the gauges show.</summary>
    public void Observe(StoreStatistics statistics) => _statistics = statistics;

    private static Measurement<T> Measure<T>(T value, string converter)
        where T : struct => new(value, KeyValuePair.Create<string, object?>("converter", converter));
}
