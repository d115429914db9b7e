using System.Runtime.InteropServices;

namespace Aspire.Hosting.Processes;

/// <summary>Signals to processes and to process groups.</summary>
internal static partial class UnixSignals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Sends a signal; to a process that is gone already it does nothing.</summary>
    public static void Send(int processId, int signal)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SysKill(processId, signal);
        }
    }

    /// <summary>Sends a signal to every process of a group.</summary>
    public static void SendToGroup(int groupId, int signal) => Send(-groupId, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SysKill(int pid, int signal);
}
