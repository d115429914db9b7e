using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ImageEditor.ServiceDefaults.Contracts;

/// <summary>A job's id: the store's partition, a hyphen, and 128 bits that cannot be guessed, in hexadecimal.</summary>
/// <remarks>Whoever has the id may use the job. Logs and traces carry only <see cref="ShortId"/>.</remarks>
public readonly record struct JobId
{
    /// <summary>The form of an id, in words for an error message.</summary>
    public const string Form = $"'{Prefix}' and 32 lower-case hexadecimal digits";

    /// <summary>How many random bytes an id is made of.</summary>
    public const int ByteCount = 16;

    private const string Prefix = "p0-";
    private const int Length = 35;
    private const int ShortLength = 8;

    private static readonly SearchValues<char> LowerCaseHex = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private JobId(string text) => _text = text;

    /// <summary>The first 8 digits, for logs and traces.</summary>
    public string ShortId => Shorten(ToString());

    /// <summary>Reads an id.</summary>
    /// <returns>Whether the text is an id. Nothing else ever becomes part of a key or a path.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        var valid = text is { Length: Length }
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(LowerCaseHex);
        id = valid ? new JobId(text!) : default;
        return valid;
    }

    /// <summary>Makes an id of 16 bytes.</summary>
    /// <exception cref="ArgumentException">There are more or fewer bytes.</exception>
    public static JobId FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == ByteCount
            ? new JobId(Prefix + Convert.ToHexStringLower(bytes))
            : throw new ArgumentException($"A job's id is made of {ByteCount} bytes.", nameof(bytes));

    /// <summary>The first 8 digits of an id, for logs and traces; a text too short to be an id is returned as it is.</summary>
    public static string Shorten(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        return jobId.Length >= Prefix.Length + ShortLength ? jobId.Substring(Prefix.Length, ShortLength) : jobId;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("This id was never set.");
}
