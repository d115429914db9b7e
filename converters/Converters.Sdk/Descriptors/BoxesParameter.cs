using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>
/// Rectangles on the picture, written as JSON: <c>[[10,20,30,40]]</c>, or <c>[{"box":[10,20,30,40],"frame":2}]</c> for one frame of an
/// animation.
/// </summary>
/// <param name="name">Its name in the query string.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes.</param>
public sealed class BoxesParameter(string name, string title, string description)
    : Parameter<IReadOnlyList<Box>>(name, title, description, [])
{
    private const int MaxCount = 200;

    /// <summary>Pixels; no picture is larger.</summary>
    private const int MaxPlace = 1_000_000;

    private protected override string Allowed =>
        $"a list of at most {MaxCount} boxes [x,y,width,height] in whole pixels of the upright picture, "
        + "or {\"box\":[x,y,width,height],\"frame\":n} for one frame of an animation";

    private protected override void Describe(JsonObject schema)
    {
        var box = BoxSchema();
        var onFrame = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray("box"),
            ["properties"] = new JsonObject
            {
                ["box"] = box.DeepClone(),
                ["frame"] = Number(0),
            },
        };
        schema["type"] = "array";
        schema["format"] = "boxes";
        schema["maxItems"] = MaxCount;
        schema["items"] = new JsonObject { ["anyOf"] = new JsonArray(box, onFrame) };
        schema["default"] = new JsonArray();
    }

    /// <summary>The JSON Schema of one box.</summary>
    internal static JsonObject BoxSchema() => new()
    {
        // Left and top, and from 1 on width and height: a box of nothing is refused before it waits in a queue.
        ["type"] = "array",
        ["items"] = new JsonArray(Number(0), Number(0), Number(1), Number(1)),
        ["minItems"] = 4,
        ["maxItems"] = 4,
    };

    /// <summary>Reads a list of four numbers; null when it is none.</summary>
    internal static Box? ReadBox(JsonElement element, int? frame) =>
        element.ValueKind == JsonValueKind.Array
        && element.EnumerateArray().Select(Place).ToArray() is [{ } x, { } y, { } width and > 0, { } height and > 0]
            ? new Box(x, y, width, height, frame)
            : null;

    private static JsonObject Number(int minimum) => new() { ["type"] = "integer", ["minimum"] = minimum, ["maximum"] = MaxPlace };

    private protected override bool TryRead(string text, out IReadOnlyList<Box> value)
    {
        var boxes = new List<Box>();
        value = boxes;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() > MaxCount)
            {
                return false;
            }

            foreach (var element in list.EnumerateArray())
            {
                if (Read(element) is not { } box)
                {
                    return false;
                }

                boxes.Add(box);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Box? Read(JsonElement element)
    {
        int? frame = null;
        if (element.ValueKind == JsonValueKind.Object)
        {
            var members = element.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
            if (members.Keys.Any(name => name is not ("box" or "frame")) || !members.TryGetValue("box", out var box))
            {
                return null;
            }

            if (members.TryGetValue("frame", out var number))
            {
                if (Place(number) is not { } place)
                {
                    return null;
                }

                frame = place;
            }

            element = box;
        }

        return ReadBox(element, frame);
    }

    private static int? Place(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var place) && place is >= 0 and <= MaxPlace ? place : null;
}
