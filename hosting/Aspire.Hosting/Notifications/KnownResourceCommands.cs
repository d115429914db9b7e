namespace Aspire.Hosting.ApplicationModel;

/// <summary>The commands that every resource has which runs processes.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts what was stopped.</summary>
    public static readonly string StartCommand = "resource-start";

    /// <summary>Stops; it stays stopped until it is started.</summary>
    public static readonly string StopCommand = "resource-stop";

    /// <summary>Stops and starts.</summary>
    public static readonly string RestartCommand = "resource-restart";
}
