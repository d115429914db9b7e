using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using ImageEditor.Converters.Settings;
using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageEditor.Converters.Http;

/// <summary>The two calls that make a service a converter, for each of a program.</summary>
internal static class ConverterEndpoints
{
    /// <summary>Adds a converter. Those of a program share its slots and its settings.</summary>
    public static void AddConverterServices(this WebApplicationBuilder builder, Func<IServiceProvider, ServedConverter> converter)
    {
        builder.Services.AddSingleton(converter);
        if (builder.Services.Any(service => service.ServiceType == typeof(ConcurrencyGate)))
        {
            return;
        }

        builder.Services.AddSingleton<ConcurrencyGate>();
        builder.Services.AddValidatedOptions<ConverterOptions>(ConverterOptions.Section);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<ConverterOptions>>(
            (kestrel, options) => kestrel.Limits.MaxRequestBodySize = options.Value.MaxInputBytes);
    }

    public static void MapConverters(this WebApplication app)
    {
        Vips.Configure(app.Services.GetRequiredService<IOptions<ConverterOptions>>().Value);
        foreach (var converter in app.Services.GetServices<ServedConverter>())
        {
            app.MapConverter(converter);
        }
    }

    private static void MapConverter(this WebApplication app, ServedConverter converter)
    {
        var (descriptor, suffix) = (converter.Descriptor, converter.Path.Replace('/', '-'));
        var parameters = new ParameterSet(descriptor.Parameters, descriptor.Format, descriptor.Lossless);
        var pipeline = new ConversionPipeline(converter.Convert, app.Services.GetRequiredService<IOptions<ConverterOptions>>());
        var endpoint = ActivatorUtilities.CreateInstance<ConvertEndpoint>(app.Services, parameters, pipeline);
        var document = DescriptorJson.Create(descriptor, parameters);

        var group = app.MapGroup(converter.Path);
        group.MapGet("/descriptor", () => TypedResults.Text(document.ToJsonString(), "application/json"))
            .WithName("GetDescriptor" + suffix)
            .WithSummary("What this converter is called, reads, writes and can be told")
            .WithTags("Converter");

        group.MapPost("/convert", (Delegate)endpoint.ConvertAsync)
            .WithName("Convert" + suffix)
            .WithSummary("Converts the image in the body; the descriptor lists the query parameters")
            .WithTags("Converter")
            .AddOpenApiOperationTransformer((operation, _, _) => ConvertOpenApi.CompleteAsync(operation, parameters))
            .Produces<Stream>(
                StatusCodes.Status200OK, ImageFormats.MediaTypes.First(), [.. ImageFormats.MediaTypes.Skip(1), "multipart/mixed"])
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }
}
