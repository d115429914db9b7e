namespace Aspire.Hosting.ApplicationModel;

/// <summary>A URL of a resource.</summary>
/// <param name="Name">The endpoint's name; null for a URL that was added.</param>
/// <param name="Url">The URL.</param>
/// <param name="IsInternal">Whether it is for other resources only.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal);
