using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Store;

internal static class OptionsChecks
{
    /// <summary>Null when the rule holds, else the message.</summary>
    public static string? Require(bool holds, string otherwise) => holds ? null : otherwise;

    /// <summary>Fails with every rule that does not hold.</summary>
    public static ValidateOptionsResult Result(IEnumerable<string?> failures)
    {
        var found = failures.OfType<string>().ToArray();
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }
}
