using System.Globalization;

namespace ImageEditor.Bench;

/// <summary>What this program can measure.</summary>
internal static class Commands
{
    private const string Usage = """
        Usage: dotnet run -c Release --project bench -- COMMAND [--store redis|garnet] [--only NAME] [--pictures FOLDER] [--ipx FOLDER] [--seconds N]
              [--kills N] [--minutes N]

          pipeline   what a job through the Gateway costs beside calling the converter directly, and what each program spends on it
          peers      conversions a second with Prefer: wait beside ipx, from a FOLDER in which "npm install ipx" was run, and libvips in a loop
          scale      what submission, claim and completion cost while 10 to 100,000 jobs of 1 to 1,000 parties wait
          replicas   jobs a second while a fake converter has 1, 2, 4, 8 replicas behind one address, and fewer again
          previews   what jobs take while previews of the same converter are asked for, and while none are
          pairs      every converter after every other on a small picture, networks included
          recovery   how long a job waits when the process that works on it is killed, --kills N times (20)
          soak       throughput and the memory of each program while 8 clients convert for --minutes N (10) at each of two sizes
          idle       what each program spends on processors while nothing is asked for, in --seconds N (600)
          gallery    the time of the first, middle and last page of a gallery of 100,000 pictures
          neural     time, processor time and memory of the converters with networks; --only NAME for one of them
          cut-outs   how sure remove-background is of each picture in --pictures FOLDER, whose subfolders say what is on them (person, ...)
          gradients  a step of DeepDream's gradient beside PyTorch's autograd (Debian's python3-torch) and beside the bare forward pass
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
                await PipelineBenchmark.RunAsync(store, interrupted.Token);
                return 0;
            case "peers" when Option(args, "--ipx") is { } ipx:
                var seconds = double.Parse(Option(args, "--seconds") ?? "10", CultureInfo.InvariantCulture);
                await PeersBenchmark.RunAsync(Path.GetFullPath(ipx), seconds, interrupted.Token);
                return 0;
            case "scale":
                await QueueBenchmark.RunAsync(store, interrupted.Token);
                return 0;
            case "replicas":
                await ReplicasBenchmark.RunAsync(store, interrupted.Token);
                return 0;
            case "previews":
                await PreviewsBenchmark.RunAsync(store, interrupted.Token);
                return 0;
            case "pairs":
                await PairsBenchmark.RunAsync(store, interrupted.Token);
                return 0;
            case "recovery":
                await RecoveryBenchmark.RunAsync(
                    store, int.Parse(Option(args, "--kills") ?? "20", CultureInfo.InvariantCulture), interrupted.Token);
                return 0;
            case "soak":
                await SoakBenchmark.RunAsync(
                    store, int.Parse(Option(args, "--minutes") ?? "10", CultureInfo.InvariantCulture), interrupted.Token);
                return 0;
            case "idle":
                await IdleBenchmark.RunAsync(
                    store, int.Parse(Option(args, "--seconds") ?? "600", CultureInfo.InvariantCulture), interrupted.Token);
                return 0;
            case "gallery":
                await GalleryPageBenchmark.RunAsync(interrupted.Token);
                return 0;
            case "neural":
                await NeuralBenchmark.RunAsync(Option(args, "--only"), interrupted.Token);
                return 0;
            case "cut-outs" when Option(args, "--pictures") is { } pictures:
                await CutOutBenchmark.RunAsync(pictures, interrupted.Token);
                return 0;
            case "gradients":
                await GradientBenchmark.RunAsync(interrupted.Token);
                return 0;
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
