using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Traces and measures leased work.</summary>
internal sealed class LeaseTelemetry
{
    private const string Name = "ImageEditor.ConversionManager";
    private static readonly ActivitySource Source = new(Name);

    private readonly Histogram<double> _stages;
    private readonly UpDownCounter<long> _waitingSteps;

    public LeaseTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _stages = meter.CreateHistogram<double>(
            "image_editor.conversion.stage.duration", "s", "Time that a stage of a job took: convert, upload, thumbnail, save");
        _waitingSteps = meter.CreateUpDownCounter<long>(
            "image_editor.conversion.steps.waiting",
            "{step}",
            "Steps of recipes that wait for their converter, beside the jobs in its queue");
    }

    /// <summary>Continues the trace that the upload began.</summary>
    /// <param name="claim">The work.</param>
    /// <param name="name">The activity's name: <c>conversion</c> or <c>save</c>.</param>
    /// <param name="attemptTag">The name of the tag with the attempt's number.</param>
    public static Activity? StartActivity(LeaseClaim claim, string name, string attemptTag)
    {
        _ = ActivityContext.TryParse(claim.TraceParent, claim.TraceState, isRemote: true, out var parent);
        return Source.StartActivity(name, ActivityKind.Consumer, parent)?
            .SetTag("job.short_id", claim.ShortId)
            .SetTag(attemptTag, claim.Attempt)
            .SetTag("converter", claim.Converter);
    }

    /// <summary>Records how long a stage of a job took: <c>convert</c>, <c>upload</c>, <c>thumbnail</c> or <c>save</c>.</summary>
    public void RecordStage(LeaseClaim claim, string stage, TimeSpan elapsed) => RecordStage(claim.Converter, stage, elapsed);

    /// <summary>Counts a step that begins (1) or ends (-1) to wait for its converter.</summary>
    public void CountWaitingStep(string converter, int change) =>
        _waitingSteps.Add(change, new KeyValuePair<string, object?>("converter", converter));

    /// <summary>Records how long a stage took of a job that has several converters.</summary>
    public void RecordStage(string converter, string stage, TimeSpan elapsed) =>
        _stages.Record(elapsed.TotalSeconds, new("converter", converter), new("stage", stage));
}
