using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ImageEditor.ServiceDefaults.Telemetry;

/// <summary>
/// Samples the work that was requested: a trace begins with an incoming request, or with a job whose request is not known any more. What a
/// process does by itself (polls, heartbeats, sweeps, probes) begins with an outgoing call; those traces would hide the others.
/// </summary>
internal sealed class RequestedWorkSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind is ActivityKind.Server or ActivityKind.Consumer
            ? SamplingDecision.RecordAndSample
            : SamplingDecision.Drop);
}
