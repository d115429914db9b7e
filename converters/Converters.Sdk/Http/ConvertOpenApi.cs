using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using Microsoft.OpenApi;

namespace ImageEditor.Converters.Http;

/// <summary>The OpenAPI description of <c>POST /convert</c>: its body and parameters, which ASP.NET Core cannot infer.</summary>
/// <remarks><c>Accepts</c> is not used: with it the router refuses a body by its Content-Type, but here the content decides.</remarks>
internal static class ConvertOpenApi
{
    public static Task CompleteAsync(OpenApiOperation operation, ParameterSet parameters)
    {
        operation.Parameters = [.. parameters.InQuery.Select(parameter => new OpenApiParameter
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Description,
            Schema = new OpenApiSchema { Type = TypeOf(parameter) },
        })];

        var image = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        var content = ImageFormats.MediaTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = image });
        content["multipart/form-data"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { Conversion.InputName },
                Properties = parameters.Images.Select(parameter => parameter.Name)
                    .Prepend(Conversion.InputName)
                    .ToDictionary(name => name, IOpenApiSchema (_) => image),
            },
        };
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
        return Task.CompletedTask;
    }

    private static JsonSchemaType TypeOf(Parameter parameter) => parameter switch
    {
        NumberParameter or OptionalNumberParameter => JsonSchemaType.Number,
        BooleanParameter => JsonSchemaType.Boolean,
        _ => JsonSchemaType.String,
    };
}
