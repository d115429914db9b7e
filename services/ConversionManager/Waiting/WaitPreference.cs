using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace ImageEditor.ConversionManager.Waiting;

/// <summary>The preference <c>wait=N</c> of the header <c>Prefer</c> (RFC 7240): how many seconds a client waits for its result.</summary>
/// <param name="Seconds">From 0 to <see cref="MaxSeconds"/>, whatever was asked for.</param>
internal readonly record struct WaitPreference(int Seconds)
{
    public const int MaxSeconds = 30;

    private const string Name = "wait";

    /// <summary>What the header <c>Preference-Applied</c> says when it was waited.</summary>
    public string Applied => string.Create(CultureInfo.InvariantCulture, $"{Name}={Seconds}");

    /// <summary>The longest wait.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(Seconds);

    /// <summary>Reads it from a request's <c>Prefer</c> headers. Of several the first counts.</summary>
    /// <returns>Null when there is none, or it is malformed.</returns>
    public static WaitPreference? Read(StringValues prefer)
    {
        foreach (var preference in prefer.SelectMany(SplitList))
        {
            // What follows a semicolon are parameters, of which this preference has none.
            var parts = preference.Split(';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts[0].Equals(Name, StringComparison.OrdinalIgnoreCase))
            {
                return parts.Length == 2 ? Parse(parts[1]) : null;
            }
        }

        return null;
    }

    private static WaitPreference? Parse(string value)
    {
        var digits = value.Length > 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
        return digits.Length == 0 || !digits.All(char.IsAsciiDigit) ? null
            : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? new WaitPreference(Math.Min(seconds, MaxSeconds))

            // More than an int holds is more than the most.
            : new WaitPreference(MaxSeconds);
    }

    /// <summary>The elements of a list; commas in quotes divide nothing.</summary>
    private static IEnumerable<string> SplitList(string? header)
    {
        var (start, quoted) = (0, false);
        var text = header ?? "";
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\' when quoted:
                    at++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    yield return text[start..at].Trim();
                    start = at + 1;
                    break;
            }
        }

        yield return text[start..].Trim();
    }
}
