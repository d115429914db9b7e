using System.Diagnostics.CodeAnalysis;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>The owner of pictures: an account's id.</summary>
internal readonly record struct Owner(Guid Id)
{
    /// <summary>Parses an id. Nothing else ever becomes part of a key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Owner owner)
    {
        var valid = Guid.TryParseExact(text, "D", out var id);
        owner = new Owner(id);
        return valid;
    }

    public override string ToString() => Id.ToString("D");
}
