using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>Fails the start when lifetimes or limits could not work.</summary>
internal sealed class GalleryOptionsValidator : IValidateOptions<GalleryOptions>
{
    public ValidateOptionsResult Validate(string? name, GalleryOptions options) => new ValidateOptionsResultBuilder()
        .RequirePositive(GalleryOptions.Section, options)
        .Require(
            options.RestorePeriod <= options.TombstoneRetention,
            $"Gallery:TombstoneRetention ({options.TombstoneRetention}) must not be shorter than Gallery:RestorePeriod "
            + $"({options.RestorePeriod}), or a late save could bring back what was deleted.")
        .Build();
}
