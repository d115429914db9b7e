using System.Diagnostics;
using System.Globalization;
using ImageEditor.Testing;
using ImageEditor.Testing.Images;
using NetVips;

namespace ImageEditor.Bench;

/// <summary>
/// Conversions a second by this system with its durable jobs, by ipx, which keeps nothing, and by libvips in a bare loop: the same pictures,
/// JPEG in and out, in turns in one run.
/// </summary>
internal static class PeersBenchmark
{
    private const int Clients = 8;
    private const int Rounds = 3;

    /// <summary>What the converters write.</summary>
    private const int JpegQuality = 90;

    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(1);

    private static readonly (string Name, string Size)[] Pictures =
    [
        ("rocket.jpg", "640×427"), ("flower.png.im_q85_420_progr.jpg", "3.4 MP, progressive"), ("seeding_by_Clements_Engelhardt.jpg", "15.9 MP"),
    ];

    private static readonly Operation[] Operations =
    [
        new("grayscale", "grayscale", image => image.Colourspace(Enums.Interpretation.Bw)),
        new("flip-horizontal", "flop", image => image.FlipHor()),
    ];

    /// <summary>Measures, and writes a table.</summary>
    /// <param name="ipx">A folder in which <c>npm install ipx</c> was run.</param>
    /// <param name="seconds">How long each server works on each picture in each round.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(string ipx, double seconds, CancellationToken cancellationToken)
    {
        await using var system = await RunningSystem.StartAsync("redis");
        using var peer = new IpxServer(ipx);
        using var client = new HttpClient();
        await Until.TrueAsync("ipx answers", StartWithin, () => peer.AnswersAsync(client), cancellationToken);
        Console.WriteLine($"{Clients} clients; settings: {string.Join(' ', system.Settings)}");
        Console.WriteLine();
        Console.WriteLine("| | picture | this system /s | ipx /s | bare loop /s | of ipx | of the bare loop |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var (name, size) in Pictures)
        {
            var picture = Photos.Read(name);
            foreach (var operation in Operations)
            {
                await MeasureAsync(
                    $"| {operation.Converter} | {size} |",
                    TimeSpan.FromSeconds(seconds),
                    () => system.ConvertAsync($"converter={operation.Converter}", picture, cancellationToken),
                    () => peer.ConvertAsync(client, operation.Ipx, name, cancellationToken),
                    () => operation.Convert(picture));
            }
        }
    }

    private static async Task MeasureAsync(string row, TimeSpan time, Func<Task> own, Func<Task> ipx, Action bare)
    {
        Func<Task<double>>[] servers =
        [
            () => RateAsync(Clients, time, own), () => RateAsync(Clients, time, ipx),
            () => RateAsync(Environment.ProcessorCount, time, () => Task.Run(bare)),
        ];
        var rates = servers.Select(_ => new List<double>()).ToArray();

        // The first round is for just-in-time compilers, and for what learns.
        for (var round = 0; round <= Rounds; round++)
        {
            for (var server = 0; server < servers.Length; server++)
            {
                var rate = await servers[server]();
                if (round > 0)
                {
                    rates[server].Add(rate);
                }
            }
        }

        var (ours, theirs, loop) = (Median(rates[0]), Median(rates[1]), Median(rates[2]));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{row} {ours:0.0} | {theirs:0.0} | {loop:0.0} | {ours / theirs:0.00} | {ours / loop:0.00} |"));
    }

    /// <returns>How often it was done a second by so many at once.</returns>
    private static async Task<double> RateAsync(int workers, TimeSpan time, Func<Task> work)
    {
        var done = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                await work();
                Interlocked.Increment(ref done);
            }
        }));
        return done / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <param name="Converter">Its name here.</param>
    /// <param name="Ipx">Its name in ipx.</param>
    /// <param name="Apply">What the bare loop does.</param>
    private sealed record Operation(string Converter, string Ipx, Func<Image, Image> Apply)
    {
        public void Convert(byte[] picture)
        {
            using var image = Image.JpegloadBuffer(picture, access: Enums.Access.Sequential);
            using var result = Apply(image);
            result.JpegsaveBuffer(q: JpegQuality);
        }
    }

    /// <summary>ipx as its own command starts it, which reads its pictures from a folder.</summary>
    private sealed class IpxServer : IDisposable
    {
        private readonly Process _process;
        private readonly Uri _address;

        public IpxServer(string folder)
        {
            var port = Ports.Free();
            _address = new Uri($"http://127.0.0.1:{port}");
            _process = Process.Start(new ProcessStartInfo(
                Path.Combine(folder, "node_modules", ".bin", "ipx"),
                ["serve", "--dir", Photos.Folder, "--host", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
            })!;
            _process.OutputDataReceived += (_, _) => { };
            _process.BeginOutputReadLine();
        }

        public async Task<bool> AnswersAsync(HttpClient client)
        {
            try
            {
                await ConvertAsync(client, Operations[0].Ipx, Pictures[0].Name, CancellationToken.None);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        public async Task ConvertAsync(HttpClient client, string operation, string name, CancellationToken cancellationToken)
        {
            using var response = await client.GetAsync(
                new Uri(_address, $"/{operation},f_jpeg,q_{JpegQuality}/{name}"), cancellationToken);
            await RunningSystem.ReadImageAsync(response, cancellationToken);
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
