using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>Asks a replica whether it is healthy.</summary>
/// <param name="Name">Names the check in reports.</param>
/// <param name="CheckAsync">Returns what is wrong, and null when nothing is.</param>
internal sealed record HealthProbeAnnotation(string Name, Func<Replica, CancellationToken, Task<string?>> CheckAsync) : IResourceAnnotation;
