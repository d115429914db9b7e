using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting;

/// <summary>Adds programs that are not .NET projects.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">The program: a path, or a name that is looked for on PATH.</param>
    /// <param name="workingDirectory">The folder to start it in, from the AppHost's folder.</param>
    /// <param name="args">Its arguments.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder,
        string name,
        string command,
        string workingDirectory,
        params string[]? args)
    {
        var folder = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        return builder.AddResource(new ExecutableResource(name, command, folder))
            .WithAnnotation(new ProcessAnnotation(
                RestartPolicy.OnFailure,
                (_, _) => Task.FromResult(new ProcessStartInfo(command) { WorkingDirectory = folder })))
            .WithArgs(args ?? []);
    }
}
