using ImageEditor.Converters;
using ImageEditor.Tests.Contract.Converters;
using Microsoft.AspNetCore.Builder;
using NetVips;

namespace ImageEditor.Tests.Contract.Sdk;

/// <summary>A converter that a test makes up, served by this process.</summary>
internal sealed class OwnConverter : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OwnConverter(WebApplication app)
    {
        _app = app;
        Client = new ConverterClient(new Uri(app.Urls.Single()));
    }

    public ConverterClient Client { get; }

    /// <param name="convert">What it does.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="settings">Its configuration, such as <c>TimeLimit=00:00:01</c>.</param>
    public static async Task<OwnConverter> StartAsync(Func<Conversion, Image> convert, IReadOnlyList<Parameter>? parameters = null, params string[] settings)
    {
        var descriptor = new ConverterDescriptor("own", "Own", "Does what a test wants.") { Parameters = parameters ?? [] };
        var app = Converter.Build(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Critical", .. settings.Select(setting => $"--Converter:{setting}")], descriptor, convert);
        await app.StartAsync();
        return new OwnConverter(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
