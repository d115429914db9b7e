namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command is shown.</summary>
public class CommandOptions
{
    /// <summary>What the command does.</summary>
    public string? Description { get; set; }

    /// <summary>The question that is asked first.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>The name of its icon.</summary>
    public string? IconName { get; set; }

    /// <summary>Whether it is shown before the others.</summary>
    public bool IsHighlighted { get; set; }
}
