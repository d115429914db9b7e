using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Refuses, at start, room for uploads that the largest one would not fit into.</summary>
internal sealed class SubmissionOptionsValidator(IOptions<PictureOptions> pictures) : IValidateOptions<SubmissionOptions>
{
    public ValidateOptionsResult Validate(string? name, SubmissionOptions options) => new ValidateOptionsResultBuilder()
        .Require(
            2L * pictures.Value.MaxRequestBytes <= options.UploadMemoryBytes,
            $"Conversions:UploadMemoryBytes ({options.UploadMemoryBytes}) must hold the largest request twice, as it comes and as it is "
            + $"stored: 4 × Pictures:MaxBytes ({2L * pictures.Value.MaxRequestBytes} bytes).")
        .Build();
}
