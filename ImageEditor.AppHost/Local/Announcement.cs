using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageEditor.AppHost.Local;

/// <summary>Says where the page is, once everything is healthy.</summary>
internal sealed partial class Announcement(
    DistributedApplicationModel model, ResourceNotificationService notifications, TimeProvider time, ILogger<Announcement> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The orchestrator has been at work for a while when this begins.
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime);
        try
        {
            foreach (var resource in model.Resources.Where(IsStarted))
            {
                await notifications.WaitForResourceHealthyAsync(resource.Name, WaitBehavior.WaitOnResourceUnavailable, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }

        foreach (var url in model.Resources.SelectMany(resource => resource.Annotations.OfType<ResourceUrlAnnotation>()).Where(IsForPeople))
        {
            Log.Address(logger, url.DisplayText!, url.Url);
        }

        Log.Healthy(logger, (time.GetUtcNow() - started).TotalSeconds);
    }

    private static bool IsStarted(IResource resource) =>
        resource is ProjectResource or ExecutableResource && !resource.HasAnnotationOfType<ExplicitStartupAnnotation>();

    /// <summary>Whether an address was given a name. Those of the dashboard at which it receives telemetry have one, too.</summary>
    private static bool IsForPeople(ResourceUrlAnnotation url) =>
        url.DisplayText is not null && url.Endpoint?.EndpointName.StartsWith("otlp", StringComparison.Ordinal) != true;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "All resources are healthy, {Seconds:0.0} s after the start", EventName = "AllHealthy")]
        public static partial void Healthy(ILogger logger, double seconds);

        [LoggerMessage(LogLevel.Information, "{Name}: {Address}", EventName = "Address")]
        public static partial void Address(ILogger logger, string name, string address);
    }
}
