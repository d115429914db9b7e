using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ImageEditor.ServiceDefaults.Telemetry;

/// <summary>
/// Traces what somebody asked for: a trace begins with a request that comes in, or with a job whose request is not known any more. What a
/// process does by itself (polls, heartbeats, sweeps, probes) begins with a call of its own, and would bury the rest.
/// </summary>
internal sealed class RequestedWork : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind is ActivityKind.Server or ActivityKind.Consumer ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
}
