using System.Data.Common;

namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>
/// Reads where images are stored from the connection string <c>images</c>, which the AppHost sets: <c>file:///folder/</c>, or
/// <c>Endpoint=…;AccessKey=…;SecretKey=…;Bucket=…</c>. Without it, the section <c>ImageStorage</c> says where.
/// </summary>
internal static class ImageStorageConnection
{
    public const string Name = "images";
    private static readonly string[] S3Settings =
    [
        nameof(S3StorageOptions.Endpoint),
        nameof(S3StorageOptions.AccessKey),
        nameof(S3StorageOptions.SecretKey),
        nameof(S3StorageOptions.Bucket),
        nameof(S3StorageOptions.Region),
    ];

    /// <summary>Writes the connection string's values into the section, where they override all others.</summary>
    /// <exception cref="InvalidOperationException">It is neither form.</exception>
    public static void ApplyImageStorageConnection(this ConfigurationManager configuration)
    {
        if (configuration.GetConnectionString(Name) is not { Length: > 0 } connection)
        {
            return;
        }

        var settings = Uri.TryCreate(connection, UriKind.Absolute, out var folder) && folder.IsFile ? Folder(folder) : S3(connection);
        configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"{ImageStorageOptions.Section}:{setting.Key}", (string?)setting.Value)));
    }

    private static Dictionary<string, string> Folder(Uri folder) => new()
    {
        [nameof(ImageStorageOptions.Kind)] = ImageStorageOptions.FileSystemKind,
        [$"{nameof(ImageStorageOptions.FileSystem)}:{nameof(FileSystemStorageOptions.Root)}"] =
            Path.TrimEndingDirectorySeparator(folder.LocalPath),
    };

    private static Dictionary<string, string> S3(string connection)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connection;
        }
        catch (ArgumentException exception)
        {
            // The message does not quote the connection string, since it may contain a key.
            throw new InvalidOperationException(
                $"The connection string '{Name}' is neither a folder (file:///folder/) "
                + "nor an S3 server (Endpoint=…;AccessKey=…;SecretKey=…;Bucket=…).",
                exception);
        }

        var settings = new Dictionary<string, string> { [nameof(ImageStorageOptions.Kind)] = ImageStorageOptions.S3Kind };
        foreach (var setting in S3Settings)
        {
            if (parts.TryGetValue(setting, out var value))
            {
                settings[$"{nameof(ImageStorageOptions.S3)}:{setting}"] = (string)value;
            }
        }

        return settings;
    }
}
