using System.Diagnostics.Metrics;

namespace ImageEditor.JobManager.Jobs;

/// <summary>What this replica counts of jobs.</summary>
internal sealed class JobMetrics
{
    public const string MeterName = "ImageEditor.JobManager";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _started;
    private readonly Counter<long> _done;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _takenOver;
    private readonly Counter<long> _madeRoom;
    private readonly Histogram<double> _queueTime;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>("image_editor.jobs.accepted", "{job}", "Jobs that were stored and queued");
        _started = meter.CreateCounter<long>(
            "image_editor.jobs.started_at_once", "{job}", "Jobs that were claimed as they came, without waiting in a queue");
        _done = meter.CreateCounter<long>("image_editor.jobs.done", "{job}", "Jobs that ended with a result");
        _failed = meter.CreateCounter<long>("image_editor.jobs.failed", "{job}", "Jobs that ended with a problem");
        _cancelled = meter.CreateCounter<long>("image_editor.jobs.cancelled", "{job}", "Jobs that their client cancelled");
        _retried = meter.CreateCounter<long>("image_editor.jobs.retried", "{job}", "Attempts after which the job went back to the queue");
        _takenOver = meter.CreateCounter<long>("image_editor.jobs.taken_over", "{job}", "Claims of jobs whose lease had run out");
        _madeRoom = meter.CreateCounter<long>(
            "image_editor.results.made_room", "{result}", "Results that were sent, and dropped before their time to make room for others");
        _queueTime = meter.CreateHistogram<double>("image_editor.jobs.claim_age", "s", "Age of jobs when they are claimed");
    }

    public void Accepted(string converter) => _accepted.Add(1, KeyValuePair.Create<string, object?>("converter", converter));

    /// <summary>Counts a job that was claimed as it came.</summary>
    public void Started(string converter)
    {
        _started.Add(1, KeyValuePair.Create<string, object?>("converter", converter));
        Claimed(converter, TimeSpan.Zero);
    }

    public void Claimed(string converter, TimeSpan age) =>
        _queueTime.Record(age.TotalSeconds, KeyValuePair.Create<string, object?>("converter", converter));

    /// <summary>Counts a job's end.</summary>
    /// <param name="state">Done, failed or cancelled.</param>
    public void Ended(string state) => (state switch
    {
        JobState.Done => _done,
        JobState.Failed => _failed,
        _ => _cancelled,
    }).Add(1);

    public void Retried(string kind) => _retried.Add(1, KeyValuePair.Create<string, object?>("kind", kind));

    /// <summary>Counts a result that was dropped after it was sent, to make room for others.</summary>
    public void MadeRoom() => _madeRoom.Add(1);

    public void TakenOver() => _takenOver.Add(1);
}
