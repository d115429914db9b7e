namespace ImageEditor.Converters.Descriptors;

/// <summary>A parameter that is read from the query string, whatever its type.</summary>
internal interface IQueryParameter
{
    string Name { get; }

    object? Default { get; }

    /// <summary>What may be given, to follow "must be".</summary>
    string Allowed { get; }

    bool TryRead(string text, out object? value);
}
