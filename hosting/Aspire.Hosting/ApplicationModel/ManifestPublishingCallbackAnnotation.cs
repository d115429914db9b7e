namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says how a resource is published.</summary>
public class ManifestPublishingCallbackAnnotation : IResourceAnnotation
{
    private ManifestPublishingCallbackAnnotation()
    {
    }

    /// <summary>Keeps a resource out of the manifest.</summary>
    public static ManifestPublishingCallbackAnnotation Ignore { get; } = new();
}
