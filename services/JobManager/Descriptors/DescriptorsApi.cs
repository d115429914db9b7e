using System.Text.Json;
using ImageEditor.JobManager.Jobs;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.JobManager.Descriptors;

/// <summary>What converters last said of themselves, for conversion managers that have not met them.</summary>
internal static class DescriptorsApi
{
    private const int MaxLength = 1 << 20;

    public static RouteGroupBuilder MapDescriptors(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/descriptors").WithTags("Descriptors");
        group.MapGet("/", ReadAsync).WithName("ReadDescriptors").WithSummary("The last descriptor of each converter, by its name");
        group.MapPut("/{converter}", KeepAsync).WithName("KeepDescriptor").WithSummary("Keeps a converter's descriptor")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static async Task<Ok<Dictionary<string, JsonElement>>> ReadAsync(DescriptorStore descriptors) =>
        TypedResults.Ok((await descriptors.ReadAsync())
            .ToDictionary(pair => pair.Key, pair => JsonSerializer.Deserialize<JsonElement>(pair.Value)));

    private static async Task<Results<NoContent, Problem>> KeepAsync(string converter, JsonElement descriptor, DescriptorStore descriptors)
    {
        var json = descriptor.GetRawText();
        if (!ConverterName.IsValid(converter) || descriptor.ValueKind != JsonValueKind.Object || json.Length > MaxLength)
        {
            return JobProblems.Invalid(
                $"A descriptor is a JSON object of at most {MaxLength} characters, of a converter whose name has {ConverterName.Rule}.");
        }

        await descriptors.KeepAsync(converter, json);
        return TypedResults.NoContent();
    }
}
