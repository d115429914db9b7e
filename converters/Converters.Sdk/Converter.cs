using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Http;
using ImageEditor.Converters.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using NetVips;

namespace ImageEditor.Converters;

/// <summary>A converter, or several small ones, as a process: everything but what they do to the pixels.</summary>
public static class Converter
{
    /// <summary>Serves a converter until the process stops.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="descriptor">What the converter is called and which parameters it has.</param>
    /// <param name="convert"><inheritdoc cref="ServedConverter" path="/param[@name='Convert']"/></param>
    public static void Run(string[] args, ConverterDescriptor descriptor, Func<Conversion, Image> convert) =>
        Build(args, descriptor, convert).Run();

    /// <summary>
    /// Serves several converters, each below a path of its own that is its name: <c>/crop/convert</c> and <c>/crop/descriptor</c>. They
    /// share the process with its slots, its memory and its health.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="converters">What the program serves.</param>
    public static void Run(string[] args, params IReadOnlyList<ServedConverter> converters) => Build(args, converters).Run();

    /// <summary>The same as <see cref="Run(string[], ConverterDescriptor, Func{Conversion, Image})"/>, but not started yet.</summary>
    public static WebApplication Build(string[] args, ConverterDescriptor descriptor, Func<Conversion, Image> convert)
    {
        var builder = CreateBuilder(args);
        builder.AddConverter(_ => descriptor, _ => convert);
        return Build(builder);
    }

    /// <summary>The same as <see cref="Run(string[], IReadOnlyList{ServedConverter})"/>, but not started yet.</summary>
    public static WebApplication Build(string[] args, params IReadOnlyList<ServedConverter> converters)
    {
        var builder = CreateBuilder(args);
        foreach (var converter in converters)
        {
            builder.AddConverterServices(_ => converter with { Path = "/" + converter.Descriptor.Name });
        }

        builder.AddOpenApiDocuments(converters.Select(converter => converter.Descriptor.Name));
        var app = Build(builder);
        app.MapOpenApiDocuments();
        return app;
    }

    /// <summary>
    /// What <see cref="Run(string[], ConverterDescriptor, Func{Conversion, Image})"/> starts from; its settings are in
    /// <c>appsettings.json</c> beside the program.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddServiceDefaults();
        return builder;
    }

    /// <summary>Adds the only converter of a program, which needs services of its own.</summary>
    /// <param name="builder">From <see cref="CreateBuilder"/>.</param>
    /// <param name="descriptor">Makes the descriptor, once.</param>
    /// <param name="convert">Makes the function that converts, once.</param>
    public static void AddConverter(
        this WebApplicationBuilder builder,
        Func<IServiceProvider, ConverterDescriptor> descriptor,
        Func<IServiceProvider, Func<Conversion, Image>> convert) =>
        builder.AddConverterServices(services => new ServedConverter(descriptor(services), convert(services)));

    /// <summary>Builds the service of the converters that were added.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapConverters();
        return app;
    }
}
