using System.Text.Json;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>A save that this process runs: the lease on it, and what there is to save.</summary>
internal sealed record SaveClaim : LeaseClaim
{
    /// <summary>Whose gallery it goes to.</summary>
    public required string Owner { get; init; }

    /// <summary>The parameters of the conversion, a JSON object.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>The steps, a JSON array; null where converter and parameters say all.</summary>
    public JsonElement? Recipe { get; init; }

    /// <summary>What the picture is called, if anything.</summary>
    public string? Name { get; init; }

    /// <summary>When the job was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The job's input: an image, or a form with several.</summary>
    public required SavedImage Original { get; init; }

    /// <summary>The images in the input, the converted one first; none when the job store does not know them
    /// (<see cref="UnmeasuredImage"/>).</summary>
    public IReadOnlyList<InputImage> Images { get; init; } = [];

    /// <summary>The job's result.</summary>
    public required SavedImage Result { get; init; }

    /// <summary>How long ago the job ended.</summary>
    public required double WaitedSeconds { get; init; }
}

/// <summary>The input or the result of a job that is to be saved.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Width">Pixels, of a result; 0 when the job store does not know it (<see cref="UnmeasuredImage"/>).</param>
/// <param name="Height">Pixels, like the width.</param>
internal sealed record SavedImage(string ContentType, long Length, int Width = 0, int Height = 0);
