using ImageEditor.ConversionManager.Waiting;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Describes what the endpoint reads by itself: a body of any kind, and a query string that depends on the converter.</summary>
internal static class SubmissionOpenApi
{
    public static Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var text = new OpenApiSchema { Type = JsonSchemaType.String };
        var image = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["image/*"] = new() { Schema = image },
                ["multipart/form-data"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            [NamedImage.PrimaryName] = image,
                            [RecipeReader.RecipeName] = text,
                        },
                        Required = new HashSet<string> { NamedImage.PrimaryName },
                    },
                },
            },
        };
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = "converter",
                In = ParameterLocation.Query,
                Description = "The converter's name, as `GET /api/converters` lists it. It, or a `recipe`.",
                Schema = text,
            },
            new OpenApiParameter
            {
                Name = RecipeReader.RecipeName,
                In = ParameterLocation.Query,
                Description =
                    "Several steps in one job, 1 to 16: `[{\"converter\":\"crop\",\"parameters\":{…}},…]`, at most 4 KB; "
                    + "a longer one is a part `recipe` of the form. An image that is a parameter is a part `<step>.<parameter>`; "
                    + "steps count from 0.",
                Schema = text,
            },
            new OpenApiParameter
            {
                Name = SubmittedName.Parameter,
                In = ParameterLocation.Query,
                Description = "What the picture is called, such as `holiday.jpg`: in your gallery, and in names of downloads. "
                    + $"It has {PictureName.Rule}. Without it, the name of the form's file is taken.",
                Schema = text,
            },
            new OpenApiParameter
            {
                Name = "parameters",
                In = ParameterLocation.Query,
                Description = "The converter's parameters by their names, as its schema in `GET /api/converters` says.",
                Style = ParameterStyle.Form,
                Explode = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = text },
            },
            new OpenApiParameter
            {
                Name = ServiceHeaders.IdempotencyKey,
                In = ParameterLocation.Header,
                Description = "Makes the request repeatable: the same key, converter, parameters and image give the same job.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 200 },
            },
            new OpenApiParameter
            {
                Name = ServiceHeaders.Prefer,
                In = ParameterLocation.Header,
                Description =
                    $"`wait=N` (RFC 7240): wait up to N seconds, at most {WaitPreference.MaxSeconds}, for the result. "
                    + "`Preference-Applied` in the answer says the N that was used; "
                    + "without it the answer came early: too many wait already, or the server stops. "
                    + "Send an `Idempotency-Key`, too: where the connection breaks, a repeat meets the same job.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = "wait=30",
            },
        ];
        operation.Responses ??= [];
        operation.Responses["200"] = new OpenApiResponse
        {
            Description = "The converted image, for a client that waits for it, with the headers of `GET /api/jobs/{id}`.",
            Content = new Dictionary<string, OpenApiMediaType> { ["image/*"] = new() { Schema = image } },
            Headers = new Dictionary<string, IOpenApiHeader>
            {
                [HeaderNames.Location] = new OpenApiHeader { Description = "The job's address.", Schema = text },
                [ServiceHeaders.PreferenceApplied] = new OpenApiHeader { Description = "How long was waited at most.", Schema = text },
            },
        };
        return Task.CompletedTask;
    }
}
