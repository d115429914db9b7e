using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>The process of a project: its built output, on the <c>dotnet</c> that the AppHost runs on.</summary>
internal static class ProjectProcess
{
    public static ProcessAnnotation Of(string projectPath) => new(RestartPolicy.Always, (_, _) =>
        Task.FromResult(new ProcessStartInfo(DotNetHost.Path, [ProjectOutputs.Find(projectPath)])
        {
            WorkingDirectory = Path.GetDirectoryName(projectPath)!,
        }));

    /// <summary>Tells ASP.NET Core its environment and the addresses to listen on.</summary>
    public static void SetEnvironment(EnvironmentCallbackContext context, string environmentName)
    {
        context.EnvironmentVariables["ASPNETCORE_ENVIRONMENT"] = environmentName;
        context.EnvironmentVariables["DOTNET_ENVIRONMENT"] = environmentName;
        if (context.Resource.Annotations.OfType<EndpointAnnotation>().Any())
        {
            context.EnvironmentVariables["ASPNETCORE_URLS"] = new OwnUrls();
        }
    }

    private sealed class OwnUrls : IValueProvider
    {
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => GetValueAsync(new ValueProviderContext(), cancellationToken);

        public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
        {
            var urls = new Replica(context.Caller!, context.Replica).Endpoints
                .Where(endpoint => endpoint.UriScheme is "http" or "https")
                .Select(endpoint => endpoint.UriString);
            return ValueTask.FromResult<string?>(string.Join(';', urls));
        }
    }
}
