using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ImageEditor.Testing.Otlp;
using ImageEditor.Testing.Systems;
using Npgsql;

namespace ImageEditor.SystemTests.Telemetry;

/// <summary>
/// A system whose telemetry a receiver takes, and somebody who signs up, converts pictures and meets every kind of trouble.
/// </summary>
public sealed class TelemetryRun : IAsyncDisposable
{
    /// <summary>What the pictures are called that were handed in.</summary>
    public const string PictureName = "grandmothers-secret-garden.png";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly ImageEditorApp _app;
    private readonly ImageEditorClient _client;
    private bool _stopped;

    private TelemetryRun(OtlpReceiver receiver, ImageEditorApp app) => (Receiver, _app, _client) = (receiver, app, app.CreateClient());

    /// <summary>What took the telemetry.</summary>
    public OtlpReceiver Receiver { get; }

    /// <summary>Whose telemetry it takes: all services and converters that run.</summary>
    public IReadOnlyList<string> Senders => _app.Programs;

    /// <summary>The signed-in conversion with <c>contrast</c>.</summary>
    public string Contrast { get; private set; } = "";

    /// <summary>The signed-in conversion with <c>pixelate</c>.</summary>
    public string Pixelate { get; private set; } = "";

    /// <summary>A picture that only decoding finds to be damaged, handed to <c>pixelate</c>.</summary>
    public string Damaged { get; private set; } = "";

    /// <summary>What must not be told, by its name.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; private set; } = new Dictionary<string, string>();

    /// <summary>Starts the system.</summary>
    /// <param name="redact">Whether its telemetry is redacted.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<TelemetryRun> StartAsync(bool redact, CancellationToken cancellationToken)
    {
        var receiver = await OtlpReceiver.StartAsync(cancellationToken);
        var settings = new Dictionary<string, string>
        {
            ["job-manager/Jobs__Lease"] = "00:00:03",
            ["job-manager/Jobs__Heartbeat"] = "00:00:01",
            ["gateway/Authentication__RefreshInterval"] = "00:00:01",
        };
        try
        {
            var app = await ImageEditorApp.StartAsync(settings: settings, settingsOfEach: Telling, cancellationToken: cancellationToken);
            return new TelemetryRun(receiver, app);
        }
        catch
        {
            await receiver.DisposeAsync();
            throw;
        }

        IReadOnlyDictionary<string, string> Telling(string sender) =>
            new Dictionary<string, string>(receiver.EnvironmentOf(sender)) { ["Telemetry__Redact"] = redact ? "true" : "false" };
    }

    /// <summary>Does what somebody does, and waits until the conversion with <c>contrast</c> is in the gallery.</summary>
    public async Task ConvertAsync(CancellationToken cancellationToken)
    {
        var account = await _client.SignUpAsync(cancellationToken);
        var again = await _client.SignInAsync(account, cancellationToken);
        var refreshed = await _client.PostAsync("/api/auth/refresh", new { refreshToken = again.RefreshToken }, cancellationToken);
        await _client.PostAsync(
            "/api/auth/login",
            new { email = account.Email, password = "not the password" },
            HttpStatusCode.Unauthorized,
            cancellationToken);
        Contrast = await HandInAsync("converter=contrast&amount=40", Pictures.Png(120, 80), cancellationToken);
        await _client.WaitForEndAsync(Contrast, cancellationToken);
        await _client.FirstEventAsync(Contrast, cancellationToken);
        await _client.WaitForPictureAsync(Contrast, cancellationToken);
        Secrets = new Dictionary<string, string>
        {
            ["a job's whole id"] = Contrast,
            ["the user's address"] = account.Email,
            ["the user's password"] = Account.Password,
            ["an access token"] = account.AccessToken,
            ["another access token"] = refreshed.GetProperty("accessToken").GetString()!,
            ["a refresh token"] = account.RefreshToken,
            ["another refresh token"] = again.RefreshToken,
            ["a picture's name"] = PictureName,
            ["the internal key"] = ImageEditorApp.InternalKey,
            ["the protection of signing keys"] = ImageEditorApp.KeyProtection,
            ["the password of the database"] = new NpgsqlConnectionStringBuilder(
                await _app.DatabaseAsync("accounts", cancellationToken)).Password!,
            ["the password of the job store"] = await _app.JobStorePasswordAsync(cancellationToken),
            ["the receiver's key"] = Receiver.Key,
        };
    }

    /// <summary>Converts with the converter in Node.js, meets refusals, failures, and a process that dies.</summary>
    public async Task MeetTroubleAsync(CancellationToken cancellationToken)
    {
        Pixelate = await HandInAsync($"converter=pixelate&size=8&name={PictureName}", Pictures.Png(120, 80, 1), cancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await _client.WaitForEndAsync(Pixelate, cancellationToken)).Status);
        await _client.WaitForPictureAsync(Pixelate, cancellationToken);
        Damaged = await HandInAsync("converter=pixelate", DamagedPng(), cancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _client.WaitForEndAsync(Damaged, cancellationToken)).Status);

        // A name in the address, and one that the converter does not take: refused, and not told.
        var named = await _client.TrySubmitAsync(
            $"converter=contrast&nameless=1&name={PictureName}", Pictures.Png(8, 8), cancellationToken: cancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, named.Status);

        var failing = await _client.SubmitAsync("converter=slow&answer=error", Pictures.Png(8, 8, 2), cancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, (await _client.WaitForEndAsync(failing, cancellationToken)).Status);

        var orphan = await _client.SubmitAsync("converter=slow&ms=3000", Pictures.Png(8, 8, 3), cancellationToken);
        await _client.WaitUntilRunningAsync(orphan, cancellationToken);
        foreach (var replica in await _app.ReplicasAsync("conversion-manager"))
        {
            Signals.KillProcess(replica.ProcessId);
        }

        Assert.Equal(HttpStatusCode.OK, (await _client.WaitForEndAsync(orphan, cancellationToken)).Status);
    }

    /// <summary>Waits until something has been received.</summary>
    public Task ReceivedAsync(string what, Func<OtlpReceiver, bool> condition, CancellationToken cancellationToken) =>
        Until.TrueAsync(what + " is received", Soon, () => Task.FromResult(condition(Receiver)), cancellationToken);

    /// <summary>The spans of the trace that a job's submission began; none while its first span is not there yet.</summary>
    public IReadOnlyList<ReceivedSpan> TraceOf(string job)
    {
        var spans = Receiver.Spans;
        var trace = spans.FirstOrDefault(
            span => span.Span.Attributes.Any(tag => tag.Key == "job.short_id" && tag.Value.StringValue == job[3..11]))?.TraceId;
        return trace is null ? [] : [.. spans.Where(span => span.TraceId == trace)];
    }

    /// <summary>Stops the system, so that it sends what it still has.</summary>
    public async ValueTask StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            _client.Dispose();
            await _app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Receiver.DisposeAsync();
    }

    private async Task<string> HandInAsync(string query, byte[] picture, CancellationToken cancellationToken)
    {
        using var image = new ByteArrayContent(picture) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var form = new MultipartFormDataContent { { image, "image", PictureName } };
        using var response = await _client.Http.PostAsync(new Uri("/api/conversions?" + query, UriKind.Relative), form, cancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        using var accepted = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return accepted.RootElement.GetProperty("jobId").GetString()!;
    }

    /// <summary>A PNG whose container is whole, and whose pixels are not.</summary>
    private static byte[] DamagedPng()
    {
        var png = Pictures.Png(64, 64, 4);
        var data = png.AsSpan().IndexOf("IDAT"u8);
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(data - 4));
        png.AsSpan(data + 4 + 2, length - 2).Fill(0xFF);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(data + 4 + length), Crc32.HashToUInt32(png.AsSpan(data, 4 + length)));
        return png;
    }
}
