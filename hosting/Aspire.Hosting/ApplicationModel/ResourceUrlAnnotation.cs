namespace Aspire.Hosting.ApplicationModel;

/// <summary>A URL to show for a resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The URL.</summary>
    public required string Url { get; set; }

    /// <summary>The text to show with it.</summary>
    public string? DisplayText { get; set; }
}
