using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ConversionManager.Waiting;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace ImageEditor.ConversionManager.Previews;

internal static class PreviewsApi
{
    private const string DisplayParameter = "display";

    public static RouteGroupBuilder MapPreviews(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/previews").WithTags("Conversions");
        group.MapPost("/", Preview)
            .WithName("PreviewConversion")
            .WithSummary("Convert a small image at once, or not at all")
            .WithDescription(
                "As `POST /api/conversions`, for what people see while they choose: nothing is stored and nothing waits. "
                + "The answer is the image; 503 where converters are busy with conversions, at once, or as soon as a conversion needs the slot. "
                + "At most 1 MB and 0.5 megapixels, and 8 seconds. Hanging up ends the work. "
                + "With `display=true`, and no converter or recipe, it is a copy for browsers of any picture that can be submitted: upright, "
                + "a JPEG, or a PNG where there is alpha, of at most 2,048 pixels a side, in up to 20 seconds.")
            .AddOpenApiOperationTransformer(DescribeAsync)
            .Produces(StatusCodes.Status200OK, responseType: null, "image/png", "image/jpeg", "image/webp", "image/avif", "image/gif", "image/tiff")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);
        return group;
    }

    private static async Task<HeldResult> Preview(
        HttpRequest request,
        SubmissionReader reader,
        UploadMemoryBudget budget,
        PreviewRunner runner,
        IOptions<PreviewOptions> options,
        CancellationToken cancellationToken)
    {
        var limits = new SubmissionLimits(options.Value.MaxImageBytes, new ImageLimits { MaxPixels = options.Value.MaxPixels });
        ConvertedImage image;
        using (var memory = budget.Reserve())
        {
            image = IsForDisplay(request.Query)
                ? await runner.DisplayAsync(await reader.ReadPictureAsync(request, memory, cancellationToken), cancellationToken)
                : await runner.RunAsync(await reader.ReadAsync(request, limits, memory, cancellationToken), cancellationToken);
        }

        return new HeldResult(image, onDelivered: () => { }, onReleased: () => { });
    }

    private static bool IsForDisplay(IQueryCollection query) =>
        query.TryGetValue(DisplayParameter, out var display)
        && (query.Count == 1 && display is ["true"]
            ? true
            : throw ProblemTypes.InvalidParameters.Refuse(
                $"With ?{DisplayParameter}=true the query string has nothing else: it is a copy of the picture as it is. "
                + "For a preview of a converter leave it out."));

    private static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        await SubmissionOpenApi.DescribeAsync(operation, context, cancellationToken);
        operation.Parameters =
        [
            .. operation.Parameters!.Where(parameter => parameter.In == ParameterLocation.Query),
            new OpenApiParameter
            {
                Name = DisplayParameter,
                In = ParameterLocation.Query,
                Description = "`true`, alone: a copy of the picture that browsers show.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean },
            },
        ];
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "The image.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["image/*"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
            },
        };
    }
}
