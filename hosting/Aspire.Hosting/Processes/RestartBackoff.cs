namespace Aspire.Hosting.Processes;

/// <summary>How long to wait before a process that died is started again: nearly nothing at first, 5 s at most, from the beginning after 30 s of health.</summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan HealthThatResets = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5),
    ];

    private int _failures;

    /// <summary>The wait before the next start.</summary>
    /// <param name="healthy">How long the process was healthy before it died.</param>
    public TimeSpan Next(TimeSpan healthy)
    {
        _failures = healthy >= HealthThatResets ? 0 : _failures;
        return Delays[Math.Min(_failures++, Delays.Length - 1)];
    }
}
