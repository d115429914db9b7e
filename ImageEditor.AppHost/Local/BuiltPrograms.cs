using System.Runtime.InteropServices;
using ImageEditor.AppHost.Configuration;

namespace ImageEditor.AppHost.Local;

internal static class BuiltPrograms
{
    private const string RuntimeVariable = "DOTNET_ROOT";
    private const string MetricInterval = "OTEL_METRIC_EXPORT_INTERVAL";
    private const string MetricIntervalMilliseconds = "15000";

    // Some 30 programs start at once, and then mostly wait. Most of the processor time would go into compiling, for speed, what is used in
    // the start only, or by probes and timers a few times a minute; into threads that spin before they sleep, though others want the
    // processor; and into figures that leave every second. So code is compiled anew after 1000 calls instead of 30 (these numbers are
    // hexadecimal), 2 s after there was anything new, and without profiles; and threads sleep at once. The orchestrator kills what has not
    // ended 6 s after it was asked to: requests in progress are aborted before.
    private static readonly (string Name, string Value)[] Lean =
    [
        ("DOTNET_TieredPGO", "0"),
        ("DOTNET_TC_CallCountingDelayMs", "7D0"),
        ("DOTNET_TC_CallCountThreshold", "3E8"),
        ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0"),
        (MetricInterval, MetricIntervalMilliseconds),
        ("shutdownTimeoutSeconds", "2"),
    ];

    /// <summary>
    /// Has every project run as the program that was built, not by <c>dotnet run</c>, which costs each replica seconds and 120 MB; and
    /// lets programs of every kind send metrics less often than each second, as the orchestrator would have it.
    /// </summary>
    public static void RunBuiltPrograms(this IDistributedApplicationBuilder builder) =>
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            foreach (var project in start.Model.GetProjectResources())
            {
                var metadata = project.GetProjectMetadata();
                project.Annotations.Add(new ExecutableAnnotation
                {
                    Command = FindProgram(metadata.ProjectPath),
                    WorkingDirectory = Path.GetDirectoryName(metadata.ProjectPath)!,
                });
                var program = builder.CreateResourceBuilder(project)
                    .WithEnvironment(RuntimeVariable, Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory()));
                foreach (var (name, value) in Lean.Where(variable => !builder.IsSet(project, variable.Name)))
                {
                    program.WithEnvironment(name, value);
                }
            }

            foreach (var other in start.Model.Resources.OfType<ExecutableResource>()
                .Where(program => program.HasAnnotationOfType<OtlpExporterAnnotation>() && !builder.IsSet(program, MetricInterval)))
            {
                builder.CreateResourceBuilder(other).WithEnvironment(MetricInterval, MetricIntervalMilliseconds);
            }

            return Task.CompletedTask;
        });

    /// <summary>All programs are built into <c>artifacts/bin/PROJECT/CONFIGURATION</c>, this one too.</summary>
    /// <exception cref="DistributedApplicationException">It was not built.</exception>
    public static string FindProgram(string projectPath)
    {
        var name = Path.GetFileNameWithoutExtension(projectPath);
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var program = Path.GetFullPath(
            Path.Combine(own, "..", "..", name, Path.GetFileName(own), OperatingSystem.IsWindows() ? $"{name}.exe" : name));
        return File.Exists(program)
            ? program
            : throw new DistributedApplicationException($"'{program}' is not there: build the solution first (dotnet build).");
    }
}
