using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The last result of a health check.</summary>
/// <param name="Name">The check's name.</param>
/// <param name="Status">The result; null before the first.</param>
/// <param name="Description">What was found.</param>
/// <param name="ExceptionText">What went wrong.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText);
