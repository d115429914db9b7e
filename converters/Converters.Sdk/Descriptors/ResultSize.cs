using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>
/// How large a converter's results are, so that room can be kept for them before they are made. A result with more bytes than this allows
/// is refused as a fault of the converter.
/// </summary>
public sealed class ResultSize
{
    private readonly JsonObject? _description;

    private ResultSize(JsonObject? description) => _description = description;

    /// <summary>At most as wide and high as the input.</summary>
    public static ResultSize SameAsInput { get; } = Scaled(1);

    /// <summary>It cannot be told before: room is kept for the largest result that there may be.</summary>
    public static ResultSize Unknown { get; } = new(null);

    /// <summary>At most so many times as wide and high as the input.</summary>
    public static ResultSize Scaled(double factor) => new(new JsonObject { ["scale"] = factor });

    /// <summary>As many times as wide and high as the input as a parameter says: a number, or choices that are numbers.</summary>
    public static ResultSize Scaled(Parameter factor) => new(new JsonObject { ["scaleParameter"] = factor.Name });

    /// <summary>At most as wide and high as two parameters say, in pixels. Where one has no value, it cannot be told.</summary>
    public static ResultSize Within(Parameter width, Parameter height) =>
        new(new JsonObject { ["widthParameter"] = width.Name, ["heightParameter"] = height.Name });

    /// <summary>The same as long as a parameter has its default; with any other value it cannot be told.</summary>
    public ResultSize WhileDefault(Parameter parameter)
    {
        var description = (JsonObject?)_description?.DeepClone();
        if (description is not null)
        {
            description["whileDefault"] = parameter.Name;
        }

        return new ResultSize(description);
    }

    /// <summary>What the descriptor says; null for nothing.</summary>
    internal JsonObject? Describe(bool addsAlpha)
    {
        var description = (JsonObject?)_description?.DeepClone();
        if (description is not null && addsAlpha)
        {
            description["alpha"] = true;
        }

        return description;
    }
}
