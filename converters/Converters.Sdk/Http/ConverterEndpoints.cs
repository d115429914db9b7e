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
using NetVips;

namespace ImageEditor.Converters.Http;

/// <summary>The two calls that make a service a converter.</summary>
internal static class ConverterEndpoints
{
    public static void AddConverterServices(
        this WebApplicationBuilder builder,
        Func<IServiceProvider, ConverterDescriptor> descriptor,
        Func<IServiceProvider, Func<Conversion, Image>> convert)
    {
        builder.Services.AddValidatedOptions<ConverterOptions>(ConverterOptions.Section);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<ConverterOptions>>(
            (kestrel, options) => kestrel.Limits.MaxRequestBodySize = options.Value.MaxInputBytes);
        builder.Services.AddSingleton(descriptor);
        builder.Services.AddSingleton(services =>
        {
            var described = services.GetRequiredService<ConverterDescriptor>();
            return new ParameterSet(described.Parameters, described.Format);
        });
        builder.Services.AddSingleton<ConcurrencyGate>();
        builder.Services.AddSingleton(
            services => new ConversionPipeline(convert(services), services.GetRequiredService<IOptions<ConverterOptions>>()));
        builder.Services.AddSingleton<ConvertEndpoint>();
    }

    public static void MapConverter(this WebApplication app)
    {
        Vips.Configure(app.Services.GetRequiredService<IOptions<ConverterOptions>>().Value);

        var parameters = app.Services.GetRequiredService<ParameterSet>();
        var document = DescriptorJson.Create(app.Services.GetRequiredService<ConverterDescriptor>(), parameters);
        app.MapGet("/descriptor", () => TypedResults.Text(document.ToJsonString(), "application/json"))
            .WithName("GetDescriptor")
            .WithSummary("What this converter is called, reads, writes and can be told")
            .WithTags("Converter");

        app.MapPost("/convert", (Delegate)app.Services.GetRequiredService<ConvertEndpoint>().ConvertAsync)
            .WithName("Convert")
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
