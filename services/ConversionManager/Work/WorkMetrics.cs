using System.Diagnostics;
using System.Diagnostics.Metrics;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Saves;

namespace ImageEditor.ConversionManager.Work;

/// <summary>Traces and measures attempts.</summary>
internal sealed class WorkMetrics
{
    private const string Name = "ImageEditor.ConversionManager";
    private static readonly ActivitySource Source = new(Name);

    private readonly Histogram<double> _stages;

    public WorkMetrics(IMeterFactory meters) =>
        _stages = meters.Create(Name).CreateHistogram<double>(
            "image_editor.conversion.stage.duration", "s", "Time that a stage of a job took: convert, upload, thumbnail, save");

    /// <summary>Goes on with the trace that the upload began.</summary>
    public static Activity? StartAttempt(Claim claim)
    {
        _ = ActivityContext.TryParse(claim.TraceParent, claim.TraceState, isRemote: true, out var parent);
        return Source.StartActivity("conversion", ActivityKind.Consumer, parent)?
            .SetTag("job.short_id", claim.ShortId)
            .SetTag("job.attempt", claim.Attempt)
            .SetTag("converter", claim.Converter);
    }

    /// <summary>Goes on with the trace that the upload began, after the conversion.</summary>
    public static Activity? StartSave(SaveClaim claim)
    {
        _ = ActivityContext.TryParse(claim.TraceParent, claim.TraceState, isRemote: true, out var parent);
        return Source.StartActivity("save", ActivityKind.Consumer, parent)?
            .SetTag("job.short_id", claim.ShortId)
            .SetTag("save.attempt", claim.Attempt)
            .SetTag("converter", claim.Converter);
    }

    public void RecordConversion(string converter, TimeSpan elapsed) => Record(converter, "convert", elapsed);

    public void RecordUpload(string converter, TimeSpan elapsed) => Record(converter, "upload", elapsed);

    public void RecordThumbnail(string converter, TimeSpan elapsed) => Record(converter, "thumbnail", elapsed);

    public void RecordSave(string converter, TimeSpan elapsed) => Record(converter, "save", elapsed);

    private void Record(string converter, string stage, TimeSpan elapsed) =>
        _stages.Record(elapsed.TotalSeconds, new("converter", converter), new("stage", stage));
}
