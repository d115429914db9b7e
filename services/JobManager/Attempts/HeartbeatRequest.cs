namespace ImageEditor.JobManager.Attempts;

/// <summary>Renews a lease.</summary>
/// <param name="Progress">From 0 to 1; null when not known.</param>
internal sealed record HeartbeatRequest(double? Progress);
