using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Http;
using ImageEditor.Converters.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using NetVips;

namespace ImageEditor.Converters;

/// <summary>A converter as a process: everything but what it does to the pixels.</summary>
public static class Converter
{
    /// <summary>Serves a converter until the process stops.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="descriptor">What the converter is called and which parameters it has.</param>
    /// <param name="convert">
    /// Makes the result from <see cref="Conversion.Image"/>. It runs on a thread of its own, several at once; libvips computes the pixels
    /// later, while the result is encoded. May throw a <see cref="ServiceDefaults.Problems.ProblemException"/>.
    /// </param>
    public static void Run(string[] args, ConverterDescriptor descriptor, Func<Conversion, Image> convert) =>
        Build(args, descriptor, convert).Run();

    /// <summary>The same as <see cref="Run"/>, but not started yet.</summary>
    public static WebApplication Build(string[] args, ConverterDescriptor descriptor, Func<Conversion, Image> convert)
    {
        var builder = CreateBuilder(args);
        builder.AddConverter(_ => descriptor, _ => convert);
        return Build(builder);
    }

    /// <summary>What <see cref="Run"/> starts from; its settings are in <c>appsettings.json</c> beside the program.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddServiceDefaults();
        return builder;
    }

    /// <summary>Adds a converter that needs services of its own.</summary>
    /// <param name="builder">From <see cref="CreateBuilder"/>.</param>
    /// <param name="descriptor">Makes the descriptor, once.</param>
    /// <param name="convert">Makes the function that converts, once.</param>
    public static void AddConverter(
        this WebApplicationBuilder builder,
        Func<IServiceProvider, ConverterDescriptor> descriptor,
        Func<IServiceProvider, Func<Conversion, Image>> convert) =>
        builder.AddConverterServices(descriptor, convert);

    /// <summary>Builds the service of the converter that was added.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapConverter();
        return app;
    }
}
