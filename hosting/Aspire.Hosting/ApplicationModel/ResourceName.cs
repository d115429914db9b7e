namespace Aspire.Hosting.ApplicationModel;

/// <summary>The rules for resource names: they become host names, file names and parts of environment variables.</summary>
internal static class ResourceName
{
    private const int MaxLength = 64;

    public static void Validate(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var mistake = name switch
        {
            "" => "it is empty",
            { Length: > MaxLength } => $"it is longer than {MaxLength} characters",
            _ when !char.IsAsciiLetter(name[0]) => "it does not start with an ASCII letter",
            _ when name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-') => "it may hold ASCII letters, digits and hyphens only",
            _ when name.Contains("--", StringComparison.Ordinal) => "it has two hyphens in a row",
            _ when name[^1] == '-' => "it ends with a hyphen",
            _ => null,
        };
        if (mistake is not null)
        {
            throw new ArgumentException($"'{name}' is not a valid resource name: {mistake}.", nameof(name));
        }
    }

    /// <summary>The name as environment variables spell it: <c>job-manager</c> is <c>JOB_MANAGER</c>.</summary>
    public static string ToEnvironmentPrefix(string name) => name.Replace('-', '_').ToUpperInvariant();
}
