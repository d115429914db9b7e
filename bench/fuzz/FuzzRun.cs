using System.Diagnostics;

namespace ImageEditor.Bench.Fuzz;

/// <summary>One target and its child process, mutation after mutation.</summary>
/// <param name="target">inspector, sdk, pixelate or heic.</param>
/// <param name="seed">What mutations are drawn with.</param>
/// <param name="pixelate">The folder of Pixelate; null for that of the repository.</param>
internal sealed class FuzzRun(string target, int seed, string? pixelate)
{
    private const int MaxFaultsShown = 20;

    /// <summary>Kibibytes: what is written of anonymous memory (ulimit -d), the stacks and the heaps of all allocators.</summary>
    private const int MemoryLimit = 1 << 20;

    /// <summary>For one file. A child that has just started compiles, too.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, int> _outcomes = [];
    private long _peakBytes;
    private int _starts;

    /// <returns>Whether nothing was a fault.</returns>
    public async Task<bool> RunAsync(int first, int count)
    {
        var corpus = Corpus.Create(target);
        var mutator = new Mutator(corpus, seed);
        Console.WriteLine($"{target}: {count:N0} mutations from number {first:N0}, seed {seed}, corpus of {Corpus.Describe(corpus)}");
        Console.WriteLine(string.Join(", ", corpus.Select(file => $"{file.Name} ({file.File.Length:N0})")));
        var clock = Stopwatch.StartNew();
        var faults = 0;
        var slowest = TimeSpan.Zero;
        Process? child = null;
        try
        {
            for (var number = first; number < first + count; number++)
            {
                child ??= Start();
                var (name, file) = mutator.Make(number);
                var started = clock.Elapsed;
                var outcome = await JudgeAsync(child, file);
                slowest = clock.Elapsed - started > slowest ? clock.Elapsed - started : slowest;
                var kind = outcome.Split(' ')[0];
                _outcomes[kind] = _outcomes.GetValueOrDefault(kind) + 1;
                NotePeak(child);
                if (kind is Child.Read or Child.Refused)
                {
                    continue;
                }

                if (++faults <= MaxFaultsShown)
                {
                    Console.WriteLine($"FAULT at mutation {number} of {name}: {outcome}");
                    Console.WriteLine(Convert.ToBase64String(file));
                }

                if (kind is not Child.Fault)
                {
                    End(child);
                    child = null;
                }
            }
        }
        finally
        {
            End(child);
        }

        var outcomes = string.Join(", ", _outcomes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value:N0} {pair.Key}"));
        Console.WriteLine(
            $"{outcomes}; {clock.Elapsed.TotalSeconds:0} s, slowest {slowest.TotalMilliseconds:0} ms, "
            + $"peak of the child {_peakBytes >> 20} MiB, {_starts} start(s)");
        return faults == 0;
    }

    /// <summary>What the child says; "died" or "hung" where it says nothing.</summary>
    private static async Task<string> JudgeAsync(Process child, byte[] file)
    {
        try
        {
            var input = child.StandardInput.BaseStream;
            await input.WriteAsync(BitConverter.GetBytes(file.Length));
            await input.WriteAsync(file);
            await input.FlushAsync();
            return await child.StandardOutput.ReadLineAsync().WaitAsync(TimeLimit) ?? "died";
        }
        catch (TimeoutException)
        {
            return "hung";
        }
        catch (IOException)
        {
            return "died";
        }
    }

    private Process Start()
    {
        _starts++;
        var folder = pixelate ?? Path.Combine(Corpus.RepositoryRoot, "converters", "Pixelate");

        // Results are small, so that reading is what takes the time.
        string[] command = target switch
        {
            "pixelate" => Node(folder, """{ "size": 200, "format": "jpeg" }"""),
            "heic" => Node(Path.Combine(Corpus.RepositoryRoot, "converters", "Heic"), """{ "format": "jpeg" }"""),
            _ => ["dotnet", typeof(FuzzRun).Assembly.Location, "child", target],
        };
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-c", $"ulimit -d {MemoryLimit}; exec \"$@\"", "sh", .. command])
        {
            start.ArgumentList.Add(argument);
        }

        // The collector would take the whole machine for its own.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x20000000";
        var child = Process.Start(start)!;
        child.ErrorDataReceived += (_, line) => Note(line.Data);
        child.BeginErrorReadLine();
        return child;
    }

    /// <summary>A converter in Node.js, within 15 s for each picture.</summary>
    private static string[] Node(string folder, string parameters) =>
        ["node", Path.Combine(AppContext.BaseDirectory, "converter.mjs"), folder, "15000", parameters];

    /// <summary>Of what a child says about its death the first lines are enough.</summary>
    private void Note(string? line)
    {
        if (!string.IsNullOrWhiteSpace(line) && _outcomes.GetValueOrDefault("died") + _outcomes.GetValueOrDefault("hung") < MaxFaultsShown)
        {
            Console.WriteLine($"  {line}");
        }
    }

    private void NotePeak(Process child)
    {
        try
        {
            child.Refresh();
            _peakBytes = Math.Max(_peakBytes, child.PeakWorkingSet64);
        }
        catch (InvalidOperationException)
        {
            // It has died.
        }
    }

    private static void End(Process? child)
    {
        if (child is not null)
        {
            child.Kill(entireProcessTree: true);
            child.WaitForExit();
            child.Dispose();
        }
    }
}
