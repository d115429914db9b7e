using System.Net.Mime;
using System.Text.Json;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.ConversionManager.Converters;

internal static class ConvertersApi
{
    private const int MaxOpenApiBytes = 4 << 20;
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public static RouteGroupBuilder MapConverters(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/converters").WithTags("Converters");
        group.MapGet("/", List)
            .WithName("ListConverters")
            .WithSummary("Every converter that clients may ask for, and whether it is up")
            .WithDescription("`parameters` is a JSON Schema. A converter that is down takes conversions all the same, which wait for it.");
        routes.MapGet("/openapi/converters/{name}.json", Describe).ExcludeFromDescription();
        return group;
    }

    private static Ok<IEnumerable<ConverterResponse>> List(ConverterCatalog catalog) =>
        TypedResults.Ok(catalog.All
            .Where(converter => converter.Info is { Descriptor.Public: true })
            .OrderBy(converter => converter.Name, StringComparer.Ordinal)
            .Select(converter => ConverterResponse.From(converter.Info!.Descriptor, converter.IsUp)));

    /// <summary>Converters cannot be reached from outside; this returns the description of their API.</summary>
    private static async Task<Results<ContentHttpResult, Problem>> Describe(
        string name, ConverterCatalog catalog, IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        if (catalog.Find(name) is not { } converter || converter.Info is { Descriptor.Public: false })
        {
            return ProblemTypes.UnknownConverter.Create("GET /api/converters lists those there are.");
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ResponseTimeout);
        try
        {
            using var client = clients.CreateClient(ConverterCatalog.HttpClientName);
            client.MaxResponseContentBufferSize = MaxOpenApiBytes;
            var document = await client.GetStringAsync(new Uri(converter.Address, "openapi/internal.json"), timeout.Token);
            return TypedResults.Text(document, MediaTypeNames.Application.Json);
        }
        catch (Exception exception) when (HttpErrors.IsTransient(exception, cancellationToken))
        {
            return ProblemTypes.Unavailable.Create("The converter does not answer at the moment; try again shortly.", RetryAfter);
        }
    }

    /// <summary>A descriptor as clients see it: with whether the converter is up.</summary>
    internal sealed record ConverterResponse(
        string Name,
        string Title,
        string Description,
        bool Up,
        bool Accelerator,
        string? Device,
        ConverterFormats Formats,
        JsonElement Parameters,
        string? Category,
        int? Version,
        bool Lossless)
    {
        public static ConverterResponse From(ConverterDescriptor descriptor, bool up) =>
            new(descriptor.Name, descriptor.Title, descriptor.Description, up, descriptor.Accelerator, descriptor.Device,
                descriptor.Formats, descriptor.Parameters, descriptor.Category, descriptor.Version, descriptor.Lossless ?? false);
    }
}
