using ImageEditor.Converters.Images;

namespace ImageEditor.Converters.Descriptors;

/// <summary>The value of each parameter of one conversion, by name.</summary>
internal sealed class ParameterValues(IReadOnlyDictionary<string, object?> values)
{
    /// <summary>Whether another converter goes on with the result, so that nothing of it may be lost.</summary>
    public bool IsLossless { get; init; }

    /// <summary>What the original of the whole recipe was, where the input is another converter's result.</summary>
    public OriginalFile? Original { get; init; }

    public T Get<T>(Parameter<T> parameter) =>
        values.TryGetValue(parameter.Name, out var value)
            ? (T)value!
            : throw new ArgumentException($"The parameter '{parameter.Name}' is not in this converter's descriptor.", nameof(parameter));
}
