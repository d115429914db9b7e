using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>A parameter of a converter, declared once: its JSON Schema, its validation and its value all come from here.</summary>
/// <param name="name">Its name in the query string.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes.</param>
public abstract class Parameter(string name, string title, string description)
{
    /// <summary>Its name in the query string, or as a part of a form.</summary>
    public string Name => name;

    /// <summary>What it changes, in a sentence.</summary>
    public string Description => description;

    /// <summary>The property of the descriptor's JSON Schema that stands for it.</summary>
    internal JsonObject Schema()
    {
        var schema = new JsonObject { ["title"] = title, ["description"] = Description };
        Describe(schema);
        return schema;
    }

    private protected abstract void Describe(JsonObject schema);
}

/// <summary>A parameter whose value is written in the query string.</summary>
/// <typeparam name="T">What its value is read as.</typeparam>
public abstract class Parameter<T>(
    string name, string title, string description, T @default) : Parameter(name, title, description), IQueryParameter
{
    /// <summary>The value when none is given.</summary>
    public T Default => @default;

    /// <inheritdoc/>
    string IQueryParameter.Allowed => Allowed;

    /// <inheritdoc/>
    object? IQueryParameter.Default => Default;

    /// <summary>What may be given, to follow "must be".</summary>
    private protected abstract string Allowed { get; }

    /// <inheritdoc/>
    bool IQueryParameter.TryRead(string text, out object? value)
    {
        var isRead = TryRead(text, out var read);
        value = read;
        return isRead;
    }

    private protected abstract bool TryRead(string text, out T value);
}
