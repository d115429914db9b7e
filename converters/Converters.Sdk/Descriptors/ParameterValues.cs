namespace ImageEditor.Converters.Descriptors;

/// <summary>The value of each parameter of one conversion, by name.</summary>
internal sealed class ParameterValues(IReadOnlyDictionary<string, object?> values)
{
    public T Get<T>(Parameter<T> parameter) =>
        values.TryGetValue(parameter.Name, out var value)
            ? (T)value!
            : throw new ArgumentException($"The parameter '{parameter.Name}' is not in this converter's descriptor.", nameof(parameter));
}
