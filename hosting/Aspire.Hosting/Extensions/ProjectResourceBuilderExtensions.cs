using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting;

/// <summary>Adds and describes .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project, which is built with the AppHost and started from its output.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="projectPath">The project file, from the AppHost's folder.</param>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath)
    {
        var path = Path.GetFullPath(projectPath.Replace('\\', Path.DirectorySeparatorChar), builder.AppHostDirectory);
        return builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new ProjectMetadata(path))
            .WithAnnotation(ProjectProcess.Of(path))
            .WithEnvironment(context => ProjectProcess.SetEnvironment(context, builder.Environment.EnvironmentName))
            .WithOtlp();
    }

    /// <summary>Runs so many processes of the project.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private sealed record ProjectMetadata(string ProjectPath) : IProjectMetadata;
}
