using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Settings;

/// <summary>Where images are kept (configuration section <c>ImageStorage</c>).</summary>
internal sealed class ImageStorageOptions
{
    public const string Section = "ImageStorage";
    public const string FileSystemKind = "FileSystem";
    public const string S3Kind = "S3";

    /// <summary><c>FileSystem</c> or <c>S3</c>.</summary>
    public string Kind { get; set; } = FileSystemKind;

    public FileSystemStorageOptions FileSystem { get; set; } = new();

    public S3StorageOptions S3 { get; set; } = new();

    /// <summary>How long a piece of an image may take to come out of image storage.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>A folder that all replicas share.</summary>
internal sealed class FileSystemStorageOptions
{
    /// <summary>The folder, absolute; made when it is not there.</summary>
    public string Root { get; set; } = "";
}

/// <summary>A bucket of a server that speaks S3.</summary>
internal sealed class S3StorageOptions
{
    /// <summary>The server's address; empty for Amazon's of the region.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The bucket. It must be there: this service neither makes nor configures one.</summary>
    public string Bucket { get; set; } = "";

    public string Region { get; set; } = "us-east-1";

    /// <summary>Empty, with <see cref="SecretKey"/>, for what the environment provides (a role of the machine or of the pod).</summary>
    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>Whether the bucket stands in the path (most servers) and not in the host's name (Amazon).</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>How long one call may take until the server answers; an upload's body is part of it.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a call that failed is tried again.</summary>
    public int Retries { get; set; } = 2;
}

/// <summary>Refuses, at start, an image storage that could not work.</summary>
internal sealed class ImageStorageRules : IValidateOptions<ImageStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageStorageOptions options) => Rules.Result(
    [
        Rules.Require(options.ReadTimeout > TimeSpan.Zero, "ImageStorage:ReadTimeout must be positive."),
        .. options.Kind switch
        {
            ImageStorageOptions.FileSystemKind => FileSystem(options.FileSystem),
            ImageStorageOptions.S3Kind => S3(options.S3),
            _ => [$"ImageStorage:Kind is '{options.Kind}'; it must be {ImageStorageOptions.FileSystemKind} or {ImageStorageOptions.S3Kind}."],
        },
    ]);

    private static IEnumerable<string?> FileSystem(FileSystemStorageOptions options) =>
    [
        Rules.Require(Path.IsPathFullyQualified(options.Root),
            $"ImageStorage:FileSystem:Root is '{options.Root}'; set it to the absolute path of the folder for images, one that every replica shares."),
    ];

    private static IEnumerable<string?> S3(S3StorageOptions options) =>
    [
        Rules.Require(options.Endpoint.Length == 0 || (Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"),
            $"ImageStorage:S3:Endpoint is '{options.Endpoint}'; set it to the server's address, such as https://s3.example.org, or leave it empty for Amazon's."),
        Rules.Require(options.Bucket.Length > 0, "ImageStorage:S3:Bucket is missing; set it to the name of a bucket that is there."),
        Rules.Require(options.Region.Length > 0, "ImageStorage:S3:Region is missing."),
        Rules.Require(options.AccessKey.Length > 0 == options.SecretKey.Length > 0,
            "ImageStorage:S3:AccessKey and ImageStorage:S3:SecretKey belong together: set both, or neither for what the environment provides."),
        Rules.Require(options.Timeout > TimeSpan.Zero, "ImageStorage:S3:Timeout must be positive."),
        Rules.Require(options.Retries is >= 0 and <= 10, "ImageStorage:S3:Retries must be from 0 to 10."),
    ];
}
