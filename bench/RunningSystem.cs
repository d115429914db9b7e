using System.Globalization;
using System.Net;
using System.Text.Json;
using ImageEditor.Testing;
using ImageEditor.Testing.Processes;
using ImageEditor.Testing.Systems;

namespace ImageEditor.Bench;

/// <summary>
/// The whole system as the README starts it, orchestrator, dashboard and telemetry included. All clients of a benchmark share one address,
/// so their rates are not limited; what else is set stands in <see cref="Settings"/>.
/// </summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private readonly string _data;
    private readonly AppHostProcess _host;
    private readonly HttpClient _client = new();

    private RunningSystem(string data, Uri converter, string[] settings)
    {
        (_data, Converter, Settings) = (data, converter, settings);
        _host = AppHostProcess.Start(data, [.. settings, $"--Ports:contrast:http={converter.Port}"]);
    }

    /// <summary>The address of the contrast converter itself.</summary>
    public Uri Converter { get; }

    /// <summary>What differs from a start without any.</summary>
    public string[] Settings { get; }

    /// <summary>Starts it, and waits until all is healthy.</summary>
    /// <param name="store"><c>redis</c> or <c>garnet</c>.</param>
    public static async Task<RunningSystem> StartAsync(string store)
    {
        var system = new RunningSystem(
            Directory.CreateTempSubdirectory("image-editor-bench-").FullName,
            new Uri($"http://127.0.0.1:{Ports.Free()}"),
            [
                $"--Local:Redis:Server={store}", "--Settings:gateway:Limits:SubmissionsPerSecond=100000",
                "--Settings:gateway:Limits:RequestsPerSecond=100000",
                // The benchmark's clients call it past the services, which would keep to its slots.
                "--Settings:contrast:Converter:ConcurrentRequests=16",
            ]);
        await system._host.HealthyAsync();
        return system;
    }

    /// <summary>Hands in a picture with <c>Prefer: wait</c>, and reads the result.</summary>
    /// <exception cref="InvalidOperationException">It was not converted.</exception>
    public async Task ConvertAsync(string query, byte[] picture, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Page, "/api/conversions?" + query))
        {
            Content = new ByteArrayContent(picture),
        };
        request.Headers.TryAddWithoutValidation("Prefer", "wait=30");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using var response = await _client.SendAsync(request, cancellationToken);
        await ReadImageAsync(response, cancellationToken);
    }

    /// <summary>Asks for a preview, and reads the answer.</summary>
    /// <returns>The answer's status: 200 with a picture, 503 where converters are busy with jobs.</returns>
    public async Task<HttpStatusCode> PreviewAsync(string query, byte[] picture, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(picture);
        using var response = await _client.PostAsync(new Uri(_host.Page, "/api/previews?" + query), content, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        return response.StatusCode;
    }

    /// <summary>The converters by name, and which of them another step can follow.</summary>
    public async Task<List<(string Name, bool IsLossless)>> ConvertersAsync(CancellationToken cancellationToken)
    {
        using var list = JsonDocument.Parse(await _client.GetStringAsync(new Uri(_host.Page, "/api/converters"), cancellationToken));
        return
        [
            .. list.RootElement.EnumerateArray().Select(converter => (
                converter.GetProperty("name").GetString()!,
                converter.TryGetProperty("lossless", out var lossless) && lossless.GetBoolean())),
        ];
    }

    /// <summary>Calls the contrast converter itself, and reads the result.</summary>
    /// <exception cref="InvalidOperationException">It was not converted.</exception>
    public async Task ConvertDirectlyAsync(string query, byte[] picture, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(picture);
        using var response = await _client.PostAsync(new Uri(Converter, "/convert?" + query), content, cancellationToken);
        await ReadImageAsync(response, cancellationToken);
    }

    /// <summary>What each program has spent on processors so far, all its processes together.</summary>
    public Dictionary<string, TimeSpan> ProcessorTimes() => OfEach(ProcessFigures.ProcessorTime, (sum, time) => sum + time);

    /// <summary>What of each program is resident, in bytes, all its processes together.</summary>
    public Dictionary<string, long> Resident() => OfEach(ProcessFigures.Resident, (sum, bytes) => sum + bytes);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _client.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Reads an image.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static async Task ReadImageAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var isImage = response.Content.Headers.ContentType?.MediaType?.StartsWith("image/", StringComparison.Ordinal) == true;
        if (response.StatusCode != HttpStatusCode.OK || !isImage || body.Length == 0)
        {
            throw new InvalidOperationException(
                $"{response.RequestMessage!.RequestUri} answered {(int)response.StatusCode} {response.Content.Headers.ContentType}.");
        }
    }

    private Dictionary<string, T> OfEach<T>(Func<int, T> figure, Func<T, T, T> add)
    {
        var sums = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (process, command) in _host.Descendants().Append(new(_host.ProcessId, "AppHost")))
        {
            try
            {
                var (name, value) = (NameOf(command), figure(process));
                sums[name] = sums.TryGetValue(name, out var sum) ? add(sum, value) : value;
            }
            catch (Exception ended) when (ended is IOException or InvalidOperationException)
            {
                // A process may end between the list and the look.
            }
        }

        return new Dictionary<string, T>(sums);
    }

    /// <summary>The program's file name, from its command line.</summary>
    private static string NameOf(string command)
    {
        var program = Path.GetFileName(command.Split(' ', ':')[0]);
        return program switch
        {
            "dcp" => "orchestrator",
            "Aspire.Dashboard" => "dashboard",
            "node" => "Pixelate",
            _ => program.ToString(CultureInfo.InvariantCulture),
        };
    }
}
