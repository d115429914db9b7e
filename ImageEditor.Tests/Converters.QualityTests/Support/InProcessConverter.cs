using System.Text.Json.Nodes;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.Pipeline;
using Microsoft.AspNetCore.Builder;
using NetVips;

// Networks take all cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace ImageEditor.Converters.QualityTests.Support;

/// <summary>A converter that is served by this process, over HTTP like any other.</summary>
internal sealed class InProcessConverter : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private InProcessConverter(WebApplication app)
    {
        _app = app;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(10) };
    }

    /// <param name="convert">What the converter does.</param>
    public static async Task<InProcessConverter> StartAsync(Func<Conversion, ModelSet, Image> convert)
    {
        var app = NeuralConverter.Build(
            ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", "--Converter:TimeLimit=00:10:00"],
            new ConverterDescriptor("own", "Own", "Does what a test wants.") { Category = ConverterCategory.Neural, Version = 1 },
            convert);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new InProcessConverter(app);
    }

    /// <summary>Converts a picture that must work.</summary>
    /// <returns>The result, and what the converter found.</returns>
    public async Task<(Image Image, JsonObject Info)> ConvertAsync(Image picture)
    {
        var (file, info) = await ConvertFileAsync(picture.PngsaveBuffer());
        return (Image.PngloadBuffer(file).CopyMemory(), info);
    }

    /// <summary>Converts a file that must work.</summary>
    /// <returns>The result's file, and what the converter found.</returns>
    public async Task<(byte[] File, JsonObject Info)> ConvertFileAsync(byte[] file)
    {
        using var content = new ByteArrayContent(file);
        using var response = await _http.PostAsync(new Uri("/convert", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(body));
        var info = response.Headers.TryGetValues("X-Result-Info", out var values) ? JsonNode.Parse(values.Single())!.AsObject() : [];
        return (body, info);
    }

    /// <summary>Converts a picture that is refused.</summary>
    /// <returns>The problem.</returns>
    public async Task<JsonObject> ConvertRefusedAsync(Image picture)
    {
        using var content = new ByteArrayContent(picture.PngsaveBuffer());
        using var response = await _http.PostAsync(new Uri("/convert", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.False(response.IsSuccessStatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
