using System.Globalization;

namespace ImageEditor.Bench.Fuzz;

/// <summary>Feeds what reads untrusted pictures with broken ones, and counts what it does not survive.</summary>
internal static class Program
{
    private const string Usage = """
        Usage: dotnet run -c Release --project bench/fuzz -- TARGET [--count N] [--seed N] [--first N] [--pixelate FOLDER]

          inspector   ConversionManager's walk over containers
          sdk         the reader of the converters in C#
          pixelate    the reader of Pixelate, in Node.js
          heic        the reader of Heic, in Node.js; its seeds are made by heif-enc (Debian: libheif-examples)

        Sends N mutations (by default 10,000) of small pictures to a child process with 1 GiB of memory, which is started again when it dies
        or hangs.
        Seed and corpus are printed; --first starts at a mutation that an earlier run named. Ends with 0 when none was a fault.
        """;

    private static async Task<int> Main(string[] args)
    {
        if (args is ["child", var judged])
        {
            return Child.Run(judged);
        }

        string[] names = ["--count", "--seed", "--first", "--pixelate"];
        if (args.Length % 2 == 0 || args[0] is not ("inspector" or "sdk" or "pixelate" or "heic")
            || args.Skip(1).Where((_, i) => i % 2 == 0).Any(name => !names.Contains(name)))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var options = args.Skip(1).Chunk(2).ToDictionary(option => option[0], option => option[1]);
        int Number(string name, int otherwise) =>
            options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        var run = new FuzzRun(args[0], Number("--seed", 20261127), options.GetValueOrDefault("--pixelate"));
        return await run.RunAsync(Number("--first", 0), Number("--count", 10_000)) ? 0 : 1;
    }
}
