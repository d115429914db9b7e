using System.Runtime.InteropServices;

namespace ImageEditor.Testing.Processes;

/// <summary>POSIX signals, by their Linux numbers.</summary>
public static partial class Signals
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    /// <summary>Ends a process without its having a say (<c>kill -9</c>).</summary>
    public static void KillProcess(int pid) => Send(pid, Kill);

    /// <summary>What Ctrl+C on a terminal sends.</summary>
    public static void InterruptProcess(int pid) => Send(pid, Interrupt);

    /// <summary>Asks a process to end.</summary>
    public static void TerminateProcess(int pid) => Send(pid, Terminate);

    /// <summary>Freezes a process.</summary>
    public static void Freeze(int pid) => Send(pid, Stop);

    /// <summary>Lets a frozen process go on.</summary>
    public static void Thaw(int pid) => Send(pid, Continue);

    private static void Send(int pid, int signal)
    {
        if (SendSignal(pid, signal) != 0)
        {
            throw new InvalidOperationException(
                $"Signal {signal} could not be sent to process {pid}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);
}
