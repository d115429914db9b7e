namespace ImageEditor.Gateway.OpenApi;

/// <summary>What the API reference shows (configuration section <c>OpenApi</c>).</summary>
internal sealed class ApiReferenceOptions
{
    public const string Section = "OpenApi";

    /// <summary>The services behind the Gateway, in the order of the page; appsettings.json lists them.</summary>
    public IList<DocumentedService> Services { get; init; } = [];

    /// <summary>Names of converters, separated by commas; the AppHost sets them.</summary>
    public string Converters { get; set; } = "";
}

/// <summary>A service whose OpenAPI descriptions the Gateway serves.</summary>
internal sealed class DocumentedService
{
    /// <summary>The name of the service and of its cluster.</summary>
    public string Name { get; set; } = "";

    /// <summary>The title of its public API; null when it has only an internal one.</summary>
    public string? Title { get; set; }
}
