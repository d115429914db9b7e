using System.Diagnostics;
using System.Globalization;

namespace ImageEditor.Converters.ContractTests.Driver;

/// <summary>A converter's own process on a free port of the loopback interface; it ends with this object, or with the test host.</summary>
internal sealed class ConverterProcess : IAsyncDisposable
{
    /// <summary>The shell waits for the end of its input, which comes when its caller ends, and then kills the converter.</summary>
    private const string Supervisor = "\"$@\" >&2 & echo $!; cat >/dev/null; kill -KILL $! 2>/dev/null; wait $! 2>/dev/null";

    private const int MaxStarts = 5;

    /// <summary>How long a test waits for it; long, since it only makes a test fail in the end.</summary>
    internal static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private readonly Process _supervisor;
    private readonly int _id;
    private readonly Task<string> _log;

    private ConverterProcess(Process supervisor, int id, ConverterUnderTest converter, int port, string defaults)
    {
        _supervisor = supervisor;
        _id = id;

        // Read as it comes: a full pipe would block the converter.
        _log = supervisor.StandardError.ReadToEndAsync();
        Address = new Uri($"http://127.0.0.1:{port}/");
        Client = ClientOf(converter, defaults);
    }

    /// <summary>Where the program listens.</summary>
    public Uri Address { get; }

    /// <summary>A client of the converter that it was started for.</summary>
    public ConverterClient Client { get; }

    /// <summary>CPU time of all its threads so far, in seconds; counted by the kernel in hundredths.</summary>
    public double CpuSeconds => ProcessFigures.ProcessorTime(_id).TotalSeconds;

    /// <summary>The peak of its resident memory, in bytes.</summary>
    public long PeakBytes => ProcessFigures.Peak(_id);

    /// <summary>Starts a converter and waits until it is healthy.</summary>
    /// <param name="converter">Which one.</param>
    /// <param name="slots">How many requests it may take at once.</param>
    /// <param name="settings">Further environment variables.</param>
    public static Task<ConverterProcess> StartAsync(
        ConverterUnderTest converter, int slots, params IReadOnlyList<(string Name, string Value)> settings) =>
        StartAsync(converter, slots, settings, converter.Parameters);

    private static async Task<ConverterProcess> StartAsync(
        ConverterUnderTest converter, int slots, IReadOnlyList<(string Name, string Value)> settings, string defaults)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = Ports.Free();
            var supervisor = Launch(converter, slots, port, settings);
            var id = int.Parse((await supervisor.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            var process = new ConverterProcess(supervisor, id, converter, port, defaults);
            if (await process.BecomesHealthyAsync())
            {
                return process;
            }

            // Another process may have taken the port between the check and the start.
            var log = await process.StopAsync();
            Assert.True(attempt < MaxStarts, $"{converter.Name} does not start:\n{log}");
        }
    }

    /// <summary>A further client, of one of the program's converters.</summary>
    /// <param name="converter">Which one.</param>
    /// <param name="defaults">Parameters, without the question mark, that go with each conversion.</param>
    public ConverterClient ClientOf(ConverterUnderTest converter, string defaults) =>
        new(new Uri(Address, converter.Route), defaults);

    /// <summary>Kills it.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> StopAsync()
    {
        Client.Dispose();
        _supervisor.StandardInput.Close();
        await _supervisor.WaitForExitAsync();
        _supervisor.Dispose();
        return await _log;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static Process Launch(ConverterUnderTest converter, int slots, int port, IReadOnlyList<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-c", Supervisor, "sh", .. converter.Command])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["Converter__ConcurrentRequests"] = slots.ToString(CultureInfo.InvariantCulture);
        start.Environment["Logging__LogLevel__Default"] = "Warning";

        // On a busy machine everything takes long; callers have limits of their own.
        start.Environment["Converter__TimeLimit"] = "01:00:00";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private async Task<bool> BecomesHealthyAsync()
    {
        var isHealthy = false;
        await Until.TrueAsync(
            "the converter is healthy or has ended",
            TimeLimit,
            async () => (isHealthy = await Client.IsHealthyAsync()) || !Directory.Exists($"/proc/{_id}"),
            TestContext.Current.CancellationToken);
        return isHealthy;
    }
}
