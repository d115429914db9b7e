using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>A job's id: the store's partition, then 128 unguessable bits. Whoever has it may use the job, so logs carry only <see cref="Short"/>.</summary>
internal readonly record struct JobId
{
    private const string Prefix = "p0-";

    private static readonly SearchValues<char> LowerCaseHex = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private JobId(string text) => _text = text;

    /// <summary>The first 8 digits, for logs and traces.</summary>
    public string Short => ToString().Substring(Prefix.Length, 8);

    /// <summary>Reads an id; nothing else ever becomes part of a key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        var valid = text is { Length: 35 }
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(LowerCaseHex);
        id = valid ? new JobId(text!) : default;
        return valid;
    }

    public override string ToString() => _text ?? throw new InvalidOperationException("This id was never set.");
}
