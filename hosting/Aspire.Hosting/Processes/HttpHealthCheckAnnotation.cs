using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>Remembers which endpoint a health check asks, so that one that is not there is found before anything starts.</summary>
internal sealed record HttpHealthCheckAnnotation(string? EndpointName) : IResourceAnnotation;
