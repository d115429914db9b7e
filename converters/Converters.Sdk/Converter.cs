using ImageEditor.Converters.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using NetVips;

namespace ImageEditor.Converters;

/// <summary>A converter as a process: everything but what it does to the pixels.</summary>
public static class Converter
{
    /// <summary>Serves a converter until the process is told to stop.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="descriptor">What the converter is called and which parameters it has.</param>
    /// <param name="convert">
    /// Makes the result from <see cref="Conversion.Image"/>. It runs on a thread of its own, several at once; libvips computes the pixels
    /// later, while the result is encoded. May throw a <see cref="RefusalException"/>.
    /// </param>
    public static void Run(string[] args, ConverterDescriptor descriptor, Func<Conversion, Image> convert) =>
        Build(args, descriptor, convert).Run();

    /// <summary>The same as <see cref="Run"/>, but not started yet.</summary>
    public static WebApplication Build(string[] args, ConverterDescriptor descriptor, Func<Conversion, Image> convert)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddConverter(descriptor, convert);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapConverter();
        return app;
    }
}
