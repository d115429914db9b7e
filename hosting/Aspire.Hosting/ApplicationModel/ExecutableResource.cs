namespace Aspire.Hosting.ApplicationModel;

/// <summary>A program that is not a .NET project.</summary>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>The program: a path, or a name that is looked for on PATH.</summary>
    public string Command { get; } = command;

    /// <summary>The folder that it starts in.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}
