using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>Puts the environment and the arguments of the model into the description of a process.</summary>
internal sealed class ChildEnvironment(DistributedApplicationExecutionContext executionContext)
{
    // What the AppHost was told for itself must not reach children: its addresses, its telemetry, and the secrets, which each gets as the model says.
    private static readonly string[] NotInherited = ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "HTTP_PORTS", "HTTPS_PORTS", "URLS"];
    private static readonly string[] NotInheritedPrefixes = ["OTEL_", "Parameters__", "Parameters:", "ConnectionStrings__", "ConnectionStrings:"];

    public async Task ApplyAsync(Replica replica, ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var own = start.Environment.Keys.Where(IsOwn).ToList();
        own.ForEach(name => start.Environment.Remove(name));

        var variables = new Dictionary<string, object>();
        var context = new EnvironmentCallbackContext(executionContext, replica.Resource, variables, cancellationToken);
        foreach (var annotation in replica.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = await ResolveAsync(value, replica, cancellationToken);
        }

        foreach (var endpoint in replica.Endpoints.Where(endpoint => endpoint.Endpoint.PortVariable is not null))
        {
            start.Environment[endpoint.Endpoint.PortVariable!] = endpoint.Port.ToString(CultureInfo.InvariantCulture);
        }

        var args = new List<object>();
        foreach (var annotation in replica.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(new CommandLineArgsCallbackContext(args, cancellationToken));
        }

        foreach (var arg in args)
        {
            start.ArgumentList.Add(await ResolveAsync(arg, replica, cancellationToken) ?? "");
        }
    }

    private static bool IsOwn(string name) =>
        NotInherited.Contains(name, StringComparer.OrdinalIgnoreCase) || NotInheritedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static async Task<string?> ResolveAsync(object value, Replica replica, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(replica.Context, cancellationToken),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
