namespace Aspire.Hosting.Processes;

/// <summary>Which ends of a process are followed by a new start.</summary>
internal enum RestartPolicy
{
    /// <summary>Every one: it is a service.</summary>
    Always,

    /// <summary>Those with an exit code other than 0.</summary>
    OnFailure,
}
