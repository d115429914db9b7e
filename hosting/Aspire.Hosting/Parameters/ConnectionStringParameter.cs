namespace Aspire.Hosting.ApplicationModel;

/// <summary>A connection string from configuration.</summary>
internal sealed class ConnectionStringParameter(string name, Func<ParameterDefault?, string> callback, string? environmentVariable)
    : ParameterResource(name, callback, secret: true), IResourceWithConnectionString
{
    public string? ConnectionStringEnvironmentVariable => environmentVariable;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{(ParameterResource)this}");
}
