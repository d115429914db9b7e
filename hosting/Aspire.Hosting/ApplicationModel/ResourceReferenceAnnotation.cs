namespace Aspire.Hosting.ApplicationModel;

/// <summary>Remembers what a resource refers to, so that a reference to nothing is found before anything starts.</summary>
internal sealed record ResourceReferenceAnnotation(IResource Resource, EndpointReference? Endpoint = null, bool Optional = false) : IResourceAnnotation;
