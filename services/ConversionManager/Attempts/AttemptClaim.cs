using System.Text.Json;
using System.Text.Json.Serialization;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>A job that this process runs: the lease on it, and what there is to do.</summary>
internal sealed record AttemptClaim : LeaseClaim
{
    /// <summary>The converter's parameters, a JSON object.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>The steps; null where converter and parameters say all.</summary>
    public IReadOnlyList<RecipeStep>? Recipe { get; init; }

    /// <summary>The input's media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>The input's length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The images in the input, the one to convert first; null where the job store does not know them.</summary>
    public IReadOnlyList<InputImage>? Images { get; init; }

    /// <summary>The input, where this process has it; else it is read from the store.</summary>
    [JsonIgnore]
    public HeldInput? Input { get; init; }

    /// <summary>
    /// Gets the result once it is stored, where a client of this process waits for it; null when the attempt ends in any other way.
    /// </summary>
    [JsonIgnore]
    public TaskCompletionSource<ConvertedImage?>? StoredResult { get; init; }
}
