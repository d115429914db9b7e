namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>Where images are stored (configuration section <c>ImageStorage</c>).</summary>
internal sealed class ImageStorageOptions
{
    public const string Section = "ImageStorage";
    public const string FileSystemKind = "FileSystem";
    public const string S3Kind = "S3";

    /// <summary><c>FileSystem</c> or <c>S3</c>.</summary>
    public string Kind { get; set; } = FileSystemKind;

    public FileSystemStorageOptions FileSystem { get; set; } = new();

    public S3StorageOptions S3 { get; set; } = new();

    /// <summary>How long image storage may take for the next bytes of an image.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>A folder that all replicas share.</summary>
internal sealed class FileSystemStorageOptions
{
    /// <summary>The folder's absolute path; it is created when it is not there.</summary>
    public string Root { get; set; } = "";
}

/// <summary>A bucket of a server that speaks S3.</summary>
internal sealed class S3StorageOptions
{
    /// <summary>The server's address; empty for Amazon's of the region.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The bucket's name. The bucket must be there: this service does not create it.</summary>
    public string Bucket { get; set; } = "";

    public string Region { get; set; } = "us-east-1";

    /// <summary>Empty, like <see cref="SecretKey"/>, to use what the environment provides (a role of the machine or of the pod).</summary>
    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>Whether the bucket is part of the path (most servers) and not of the host's name (Amazon).</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>How long one call may take until the server responds; sending an image is part of it.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a failed call is retried.</summary>
    public int MaxRetries { get; set; } = 2;
}
