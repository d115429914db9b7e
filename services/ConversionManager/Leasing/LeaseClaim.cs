using System.Text.Json.Serialization;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>A lease on work that the job manager gave to this process. Derived records say what the work is.</summary>
internal abstract record LeaseClaim
{
    /// <summary>Public id of the job.</summary>
    public required string JobId { get; init; }

    /// <summary>Which claim of this work it is, from 1; fences whatever is reported about it.</summary>
    public required int Attempt { get; init; }

    /// <summary>The converter's name.</summary>
    public required string Converter { get; init; }

    /// <summary>The trace that the job belongs to (W3C trace context), if any.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The trace's vendor state, if any.</summary>
    public string? TraceState { get; init; }

    /// <summary>How often the lease is to be renewed.</summary>
    public required double HeartbeatSeconds { get; init; }

    /// <summary>
    /// Gives the slot back that the work runs in, before the work has ended: for work that goes on without it. Once; then it does nothing.
    /// </summary>
    [JsonIgnore]
    public Action GiveSlotBack { get; set; } = static () => { };

    /// <summary>What logs and traces may carry of the id.</summary>
    public string ShortId => ServiceDefaults.Contracts.JobId.Shorten(JobId);
}
