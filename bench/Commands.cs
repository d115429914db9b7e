using ImageEditor.Tests.Harness;

namespace ImageEditor.Bench;

/// <summary>What this program can measure.</summary>
internal static class Commands
{
    private const string Usage = """
        Usage: dotnet run -c Release --project bench -- COMMAND [--store redis|garnet] [--seed N] [--only NAME]

          pipeline   what a job through the Gateway costs beside calling the converter directly, and the memory of each service
          memory     each service's memory while 900 jobs at 12 megapixels go through
          gallery    what a page of a gallery of 100,000 pictures takes, first, middle and last
          neural     time, processor time and memory of the converters with networks; --only NAME for one of them
          gradients  a step of DeepDream's gradient beside PyTorch's autograd (Debian's python3-torch) and beside the bare forward pass
          sheets     a contact sheet of each converter on the shared photos, into artifacts/gallery; --only NAME for one of them
          storm      500 jobs from 8 clients while random processes are killed, each service and the store at least 5 times
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        };
        var store = Option(args, "--store") ?? "redis";
        switch (args.FirstOrDefault())
        {
            case "pipeline":
                await PipelineCost.RunAsync(store, interrupted.Token);
                return 0;
            case "memory":
                await PipelineCost.MemoryAsync(store, interrupted.Token);
                return 0;
            case "gallery":
                await GalleryPages.RunAsync(interrupted.Token);
                return 0;
            case "neural":
                await NeuralCost.RunAsync(Option(args, "--only"), interrupted.Token);
                return 0;
            case "gradients":
                await GradientCost.RunAsync(interrupted.Token);
                return 0;
            case "sheets":
                await ContactSheets.RunAsync(Path.Combine(Repository.Root, "artifacts", "gallery"), Option(args, "--only"), interrupted.Token);
                return 0;
            case "storm":
                var seed = Option(args, "--seed") is { } text ? int.Parse(text, null) : Environment.TickCount;
                return await FullStorm.RunAsync(store, seed, interrupted.Token);
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static string? Option(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
