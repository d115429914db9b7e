using System.Diagnostics.CodeAnalysis;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>Whose picture it is: an account's id, a GUID.</summary>
internal readonly record struct Owner(Guid Id)
{
    /// <summary>Reads an id; nothing else ever becomes part of a key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Owner owner)
    {
        var valid = Guid.TryParseExact(text, "D", out var id);
        owner = new Owner(id);
        return valid;
    }

    public override string ToString() => Id.ToString("D");
}
