using System.Diagnostics;
using ImageEditor.Testing.Images;
using ImageEditor.Testing.Processes;
using ImageEditor.Testing.Systems;
using NetVips;

namespace ImageEditor.Bench;

/// <summary>
/// What converters with networks cost: time and processor time by picture, and the most memory, each in a process of its own that did
/// nothing before.
/// </summary>
internal static class NeuralBenchmark
{
    private static readonly TimeSpan Enough = TimeSpan.FromHours(3);

    /// <summary>Converter, query, and the megapixels it is given.</summary>
    private static readonly (string Name, string Query, double Megapixels)[] Runs =
    [
        ("upscale", "scale=2", 1),
        ("upscale", "scale=4", 0.25),
        ("denoise", "", 1),
        ("remove-background", "", 12),
        ("blur-faces", "", 12),
        ("denoise", "", 12),
        ("pixelate", "", 12),
        ("deepdream", "", 12),
        ("style-transfer", "", 12),
        ("upscale", "scale=4", 3),
        ("upscale", "scale=2", 12),
    ];

    /// <param name="only">One converter's name; null for all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task RunAsync(string? only, CancellationToken cancellationToken)
    {
        Console.WriteLine("| | input | result | time | processor time | result per minute | per minute of one processor | peak memory |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var (name, query, megapixels) in Runs.Where(run => (only ?? run.Name) == run.Name))
        {
            var settings = Runs.Where(run => run.Name != "pixelate")
                .Select(run => run.Name)
                .Distinct()
                .ToDictionary(run => run + "/Converter__TimeLimit", _ => Enough.ToString());
            await using var app = await ImageEditorApp.StartAsync(
                allConverters: true, settings: settings, cancellationToken: cancellationToken);
            var process = app.RunningReplicas(name).Single().ProcessId;
            using var converter = app.CreateServiceClient(name);
            converter.Timeout = Enough;
            using var content = new ByteArrayContent(Picture(megapixels));
            var (clock, before) = (Stopwatch.StartNew(), ProcessFigures.ProcessorTime(process));
            using var response = await converter.PostAsync(new Uri("/convert?" + query, UriKind.Relative), content, cancellationToken);
            var result = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            response.EnsureSuccessStatusCode();
            var (elapsed, spent) = (clock.Elapsed, ProcessFigures.ProcessorTime(process) - before);
            using var image = Image.NewFromBuffer(result);
            var made = image.Width * (double)image.Height / 1e6;
            Console.WriteLine(
                $"| {name} {query} | {megapixels} MP | {made:0.0} MP | {elapsed.TotalSeconds:0.0} s | {spent.TotalSeconds:0.0} s "
                + $"| {made / elapsed.TotalMinutes:0.0} MP | {made / spent.TotalMinutes:0.0} MP "
                + $"| {ProcessFigures.Peak(process) / 1e6:0} MB |");
        }
    }

    /// <summary>A photograph with sides as 4 to 3.</summary>
    private static byte[] Picture(double megapixels)
    {
        var height = (int)Math.Round(Math.Sqrt(megapixels * 1e6 * 3 / 4));
        using var photo = Image.NewFromBuffer(Photos.Read("seeding_by_Clements_Engelhardt.jpg"));
        using var picture = photo.ThumbnailImage((int)Math.Round(height * 4 / 3.0), height: height, crop: Enums.Interesting.Centre);
        return picture.JpegsaveBuffer(q: 85);
    }
}
