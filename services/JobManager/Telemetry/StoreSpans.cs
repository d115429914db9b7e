using System.Diagnostics;
using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Telemetry;

/// <summary>Names the scripts in traces: to the store's client each of them is an <c>EVALSHA</c>.</summary>
internal static class StoreSpans
{
    private static readonly ActivitySource Source = new(JobMetrics.MeterName);

    /// <summary>Begins a script's span, which its command goes under.</summary>
    /// <returns>Null where nothing is traced.</returns>
    public static Activity? Start(Script script) => Source.StartActivity($"script {script}");
}
