using System.Diagnostics;
using System.Text.Json;

namespace ImageEditor.Bench;

/// <summary>Every converter after every other, networks included, on a small picture: whether they go together, and what a pair takes.</summary>
internal static class PairsBenchmark
{
    public static async Task RunAsync(string store, CancellationToken cancellationToken)
    {
        await using var system = await RunningSystem.StartAsync(store);
        var picture = Load.Picture(64, 64);
        var converters = await system.ConvertersAsync(cancellationToken);
        var (done, failed) = (0, new List<string>());
        Console.WriteLine("| first step | its pairs | slowest second step |");
        Console.WriteLine("|---|---|---|");
        foreach (var first in converters.Where(converter => converter.IsLossless))
        {
            var (slowest, took) = ("", TimeSpan.Zero);
            foreach (var second in converters)
            {
                var clock = Stopwatch.StartNew();
                try
                {
                    await system.ConvertAsync(Recipe(first.Name, second.Name), picture, cancellationToken);
                    done++;
                }
                catch (InvalidOperationException refused)
                {
                    failed.Add($"{first.Name}, {second.Name}: {refused.Message}");
                }

                (slowest, took) = clock.Elapsed > took ? (second.Name, clock.Elapsed) : (slowest, took);
            }

            Console.WriteLine($"| {first.Name} | {converters.Count} | {slowest}, {took.TotalSeconds:0.0} s |");
        }

        Console.WriteLine();
        Console.WriteLine($"{done} pairs ended with a picture, {failed.Count} did not.");
        failed.ForEach(Console.WriteLine);
    }

    private static string Recipe(params string[] converters) => "recipe=" + Uri.EscapeDataString(JsonSerializer.Serialize(
        converters.Select(converter => new { converter, parameters = NeededBy(converter) }), JsonSerializerOptions.Web));

    /// <summary>What a converter cannot be without, and what makes it go on where a picture does not show what it is for.</summary>
    private static Dictionary<string, object> NeededBy(string converter) => converter switch
    {
        "watermark" => new() { ["text"] = "Hello" },
        "remove-background" => new() { ["force"] = true },
        _ => [],
    };
}
