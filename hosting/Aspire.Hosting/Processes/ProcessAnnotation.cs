using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>Says which process stands for a replica of the resource on this machine.</summary>
/// <param name="Restart">When it is started again.</param>
/// <param name="DescribeAsync">Describes the process, at each start. Environment and arguments of the model are added to it.</param>
internal sealed record ProcessAnnotation(RestartPolicy Restart, Func<StartContext, CancellationToken, Task<ProcessStartInfo>> DescribeAsync)
    : IResourceAnnotation
{
    /// <summary>The signal that asks the process to end.</summary>
    public int StopSignal { get; init; } = UnixSignals.Terminate;
}
