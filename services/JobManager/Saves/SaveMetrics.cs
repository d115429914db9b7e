using System.Diagnostics.Metrics;
using ImageEditor.JobManager.Jobs;

namespace ImageEditor.JobManager.Saves;

/// <summary>What this replica counts of saves.</summary>
internal sealed class SaveMetrics
{
    private readonly Counter<long> _saved;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _failed;
    private readonly Histogram<double> _delay;

    public SaveMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(JobMetrics.MeterName);
        _saved = meter.CreateCounter<long>("image_editor.saves.saved", "{save}", "Jobs whose images are in their owner's gallery");
        _retried = meter.CreateCounter<long>("image_editor.saves.retried", "{save}", "Attempts after which the save waits again");
        _failed = meter.CreateCounter<long>("image_editor.saves.failed", "{save}", "Saves that ended without a picture in the gallery");
        _delay = meter.CreateHistogram<double>("image_editor.saves.delay", "s", "From a job's end until it is saved");
    }

    /// <summary>Counts a save that is done.</summary>
    /// <param name="delay">How long after its job's end.</param>
    public void Saved(TimeSpan delay)
    {
        _saved.Add(1);
        _delay.Record(delay.TotalSeconds);
    }

    public void Retried(string outcome) => _retried.Add(1, KeyValuePair.Create<string, object?>("outcome", outcome));

    public void Failed(string reason) => _failed.Add(1, KeyValuePair.Create<string, object?>("reason", reason));
}
