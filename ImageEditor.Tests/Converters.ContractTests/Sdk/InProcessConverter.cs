using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Pipeline;
using Microsoft.AspNetCore.Builder;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Sdk;

/// <summary>A converter of a test, served by this process.</summary>
internal sealed class InProcessConverter : IAsyncDisposable
{
    private readonly WebApplication _app;

    private InProcessConverter(WebApplication app)
    {
        _app = app;
        Client = new ConverterClient(new Uri(app.Urls.Single()));
    }

    public ConverterClient Client { get; }

    /// <param name="convert">What it does.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="settings">Its configuration, such as <c>TimeLimit=00:00:01</c>.</param>
    public static async Task<InProcessConverter> StartAsync(
        Func<Conversion, Image> convert, IReadOnlyList<Parameter>? parameters = null, params string[] settings)
    {
        var descriptor = new ConverterDescriptor("own", "Own", "Does what a test wants.")
        {
            Category = ConverterCategory.Effect,
            Version = 1,
            Parameters = parameters ?? [],
        };
        var app = Converter.Build(
            ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Critical", .. settings.Select(setting => $"--Converter:{setting}")],
            descriptor,
            convert);
        await app.StartAsync();
        return new InProcessConverter(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
