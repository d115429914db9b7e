using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ConversionManager.Waiting;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Previews;

internal static class PreviewsApi
{
    public static RouteGroupBuilder MapPreviews(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/previews").WithTags("Conversions");
        group.MapPost("/", Preview)
            .WithName("PreviewConversion")
            .WithSummary("Convert a small image at once, or not at all")
            .WithDescription(
                "As `POST /api/conversions`, for what people see while they choose: nothing is stored and nothing waits. "
                + "The answer is the image; 503 where converters are busy with conversions, at once, or as soon as a conversion needs the slot. "
                + "At most 1 MB and 0.5 megapixels, and 8 seconds. Hanging up ends the work.")
            .AddOpenApiOperationTransformer(SubmissionOpenApi.DescribeAsync)
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
            image = await runner.RunAsync(await reader.ReadAsync(request, limits, memory, cancellationToken), cancellationToken);
        }

        return new HeldResult(image, onDelivered: () => { }, onReleased: () => { });
    }
}
