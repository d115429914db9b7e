using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>Fails the start when image storage could not work.</summary>
internal sealed class ImageStorageOptionsValidator : IValidateOptions<ImageStorageOptions>
{
    private const int MaxRetries = 10;

    public ValidateOptionsResult Validate(string? name, ImageStorageOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        result.Require(options.ReadTimeout > TimeSpan.Zero, "ImageStorage:ReadTimeout must be positive.");
        switch (options.Kind)
        {
            case ImageStorageOptions.FileSystemKind:
                Validate(options.FileSystem, result);
                break;
            case ImageStorageOptions.S3Kind:
                Validate(options.S3, result);
                break;
            default:
                result.AddError(
                    $"ImageStorage:Kind is '{options.Kind}'; "
                    + $"it must be {ImageStorageOptions.FileSystemKind} or {ImageStorageOptions.S3Kind}.");
                break;
        }

        return result.Build();
    }

    private static void Validate(FileSystemStorageOptions options, ValidateOptionsResultBuilder result) => result.Require(
        Path.IsPathFullyQualified(options.Root),
        $"ImageStorage:FileSystem:Root is '{options.Root}'; "
        + "set it to the absolute path of the folder for images, one that every replica shares.");

    private static void Validate(S3StorageOptions options, ValidateOptionsResultBuilder result) => result
        .Require(
            options.Endpoint.Length == 0
                || (Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"),
            $"ImageStorage:S3:Endpoint is '{options.Endpoint}'; "
            + "set it to the server's address, such as https://s3.example.org, or leave it empty for Amazon's.")
        .Require(options.Bucket.Length > 0, "ImageStorage:S3:Bucket is missing; set it to the name of a bucket that is there.")
        .Require(options.Region.Length > 0, "ImageStorage:S3:Region is missing.")
        .Require(
            options.AccessKey.Length > 0 == options.SecretKey.Length > 0,
            "ImageStorage:S3:AccessKey and ImageStorage:S3:SecretKey belong together: "
            + "set both, or neither for what the environment provides.")
        .Require(options.Timeout > TimeSpan.Zero, "ImageStorage:S3:Timeout must be positive.")
        .Require(options.MaxRetries is >= 0 and <= MaxRetries, $"ImageStorage:S3:MaxRetries must be from 0 to {MaxRetries}.");
}
