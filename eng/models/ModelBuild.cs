using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace ImageEditor.Models;

/// <summary>Converts all models and writes what they are into <c>manifest.json</c>.</summary>
internal static class ModelBuild
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="packages">The folder <c>node_modules</c>.</param>
    /// <param name="output">Where to write <c>name.onnx</c> for each model; made if missing.</param>
    /// <exception cref="InvalidDataException">A file holds what is not read.</exception>
    public static void Run(string packages, string output)
    {
        Directory.CreateDirectory(output);
        var entries = ModelSource.All.Select(source => (JsonNode)Write(source, packages, output)).ToArray();
        Replace(
            Path.Combine(output, "manifest.json"),
            JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["models"] = new JsonArray(entries) }, Readable));
    }

    private static JsonObject Write(ModelSource source, string packages, string output)
    {
        var package = Path.Combine(packages, source.Package);
        var original = Path.Combine(package, source.File);
        var bytes = source.Convert is { } convert ? convert(original).ToByteArray() : File.ReadAllBytes(original);
        Replace(Path.Combine(output, source.Name + ".onnx"), bytes);
        using var description = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(package, "package.json")));
        return new JsonObject
        {
            ["name"] = source.Name,
            ["file"] = source.Name + ".onnx",
            ["package"] = source.Package,
            ["version"] = description.RootElement.GetProperty("version").GetString(),
            ["source"] = source.File,
            ["licence"] = source.Licence,
            ["origin"] = source.Origin,
            ["input"] = source.Input,
            ["output"] = source.Output,
            ["bytes"] = bytes.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        };
    }

    /// <summary>Whoever reads the file meanwhile has the old one or the new one, whole.</summary>
    private static void Replace(string file, byte[] bytes)
    {
        var written = $"{file}.{Environment.ProcessId}";
        File.WriteAllBytes(written, bytes);
        File.Move(written, file, overwrite: true);
    }
}
