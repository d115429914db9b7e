using System.Runtime.InteropServices;
using System.Text.Json;

namespace ImageEditor.Models.TfJs;

/// <summary>The weights of a TensorFlow.js model, by name: plain floats, or bytes that stand for w = q·scale + min.</summary>
internal sealed class TfJsWeights
{
    private readonly Dictionary<string, (float[] Values, int[] Shape)> _weights = [];

    /// <param name="manifest">The array <c>weightsManifest</c> of the model's file.</param>
    /// <param name="folder">Where the files are that it names.</param>
    public TfJsWeights(JsonElement manifest, string folder)
    {
        foreach (var group in manifest.EnumerateArray())
        {
            byte[] bytes =
            [
                .. group.GetProperty("paths").EnumerateArray()
                    .SelectMany(path => File.ReadAllBytes(Path.Combine(folder, path.GetString()!))),
            ];
            var at = 0;
            foreach (var weight in group.GetProperty("weights").EnumerateArray())
            {
                int[] shape = [.. weight.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())];
                var values = Read(weight, bytes.AsSpan(at), shape.Aggregate(1, (product, side) => product * side), out var read);
                at += read;
                _weights.Add(weight.GetProperty("name").GetString()!, (values, shape));
            }
        }
    }

    public (float[] Values, int[] Shape) this[string name] => _weights[name];

    private static float[] Read(JsonElement weight, ReadOnlySpan<byte> bytes, int count, out int read)
    {
        var name = weight.GetProperty("name");
        if (!weight.TryGetProperty("quantization", out var quantization))
        {
            RequireType(weight.GetProperty("dtype"), "float32", name);
            read = count * sizeof(float);
            return MemoryMarshal.Cast<byte, float>(bytes[..read]).ToArray();
        }

        RequireType(quantization.GetProperty("dtype"), "uint8", name);
        var scale = quantization.GetProperty("scale").GetDouble();
        var minimum = quantization.GetProperty("min").GetDouble();
        read = count;
        var values = new float[count];
        for (var index = 0; index < count; index++)
        {
            values[index] = (float)(bytes[index] * scale + minimum);
        }

        return values;
    }

    private static void RequireType(JsonElement found, string expected, JsonElement name)
    {
        if (found.GetString() != expected)
        {
            throw new InvalidDataException($"The weight '{name}' is of type {found}; {expected} is read.");
        }
    }
}
