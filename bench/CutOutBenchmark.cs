using System.Globalization;
using System.Text.Json.Nodes;
using ImageEditor.Testing.Systems;

namespace ImageEditor.Bench;

/// <summary>
/// How well remove-background tells people from other things: its score for each picture of a folder, whose subfolders say what is on them.
/// </summary>
internal static class CutOutBenchmark
{
    private const string Person = "person";

    /// <param name="folder">Has a subfolder <c>person</c>, and others for what is no person.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        await using var app = await ImageEditorApp.StartAsync(allConverters: true, cancellationToken: cancellationToken);
        using var converter = app.CreateServiceClient("remove-background");
        converter.Timeout = TimeSpan.FromMinutes(5);
        var scores = new List<(string Kind, string Name, double Score, double Share)>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file, cancellationToken));
            using var response = await converter.PostAsync(
                new Uri("/convert?force=true&format=webp", UriKind.Relative), content, cancellationToken);
            response.EnsureSuccessStatusCode();
            var info = JsonNode.Parse(response.Headers.GetValues("X-Result-Info").Single())!;
            var kind = Path.GetFileName(Path.GetDirectoryName(file))!;
            scores.Add((kind, Path.GetFileName(file), (double)info["score"]!, (double)info["person"]!));
        }

        Console.WriteLine("| picture of | name | cut out | score |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (kind, name, score, share) in scores.OrderBy(each => each.Kind).ThenBy(each => each.Score))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {kind} | {name} | {share:0.00} | {score:0.000} |"));
        }

        Console.WriteLine();
        Console.WriteLine("| threshold | " + string.Join(" | ", Kinds().Select(kind => $"{kind} cut")) + " |");
        Console.WriteLine("|---|" + string.Concat(Kinds().Select(_ => "---|")));
        foreach (var threshold in (double[])[0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4])
        {
            var cells = Kinds().Select(kind =>
                $"{scores.Count(each => each.Kind == kind && each.Score >= threshold)} of {scores.Count(each => each.Kind == kind)}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {threshold:0.00} | {string.Join(" | ", cells)} |"));
        }

        IEnumerable<string> Kinds() =>
            scores.Select(each => each.Kind).Distinct().OrderByDescending(kind => kind == Person).ThenBy(kind => kind);
    }
}
