using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is in configuration at <c>Parameters:{name}</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, @default => ValueOf(builder, name, @default), secret));

    /// <summary>Adds a parameter with a value, which configuration at <c>Parameters:{name}</c> goes before.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false)
    {
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException($"The value of the secret parameter '{name}' cannot be published.", nameof(secret));
        }

        return builder.AddResource(new ParameterResource(name, _ => builder.Configuration[KeyOf(name)] ?? value, secret));
    }

    /// <summary>Adds a parameter with a default, which configuration at <c>Parameters:{name}</c> goes before.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">The default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether a generated value is kept for later runs.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false)
    {
        var parameter = builder.AddParameter(name, secret);
        parameter.Resource.Default = persist && builder.ExecutionContext.IsRunMode ? new KeptParameterDefault(name, value, DataFolder.Of(builder)) : value;
        return parameter;
    }

    /// <summary>Adds a connection string, which is in configuration at <c>ConnectionStrings:{name}</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The connection string's name.</param>
    /// <param name="environmentVariableName">The variable that a reference sets; <c>ConnectionStrings__{name}</c> when null.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        string name,
        string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringParameter(
            name,
            _ => builder.Configuration.GetConnectionString(name)
                ?? throw new DistributedApplicationException($"The connection string '{name}' has no value: set 'ConnectionStrings:{name}' in the AppHost's configuration."),
            environmentVariableName));

    /// <summary>Makes a parameter for a password of 22 characters or more that is generated once and kept. It is not added.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true)
    {
        var password = new GenerateParameterDefault { MinLength = 22, Lower = lower, Upper = upper, Numeric = numeric, Special = special };
        return new ParameterResource(name, @default => ValueOf(builder, name, @default), secret: true)
        {
            Default = builder.ExecutionContext.IsRunMode ? new KeptParameterDefault(name, password, DataFolder.Of(builder)) : password,
        };
    }

    private static string KeyOf(string name) => $"Parameters:{name}";

    private static string ValueOf(IDistributedApplicationBuilder builder, string name, ParameterDefault? @default) =>
        builder.Configuration[KeyOf(name)]
            ?? @default?.GetDefaultValue()
            ?? throw new DistributedApplicationException($"The parameter '{name}' has no value: set '{KeyOf(name)}' in the AppHost's configuration.");
}
