namespace ImageEditor.StorageManager.Tests.Servers;

/// <summary>An image storage as a test sees it from outside.</summary>
public sealed class TestStorage : IDisposable
{
    private readonly S3Server? _s3;

    private TestStorage(S3Server? s3) => _s3 = s3;

    /// <summary>The folder of the file system's storage.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("images-").FullName;

    /// <summary>The settings of a service that uses it.</summary>
    public (string Name, string Value)[] Settings => _s3?.Settings() ?? [("ImageStorage__FileSystem__Root", Folder)];

    public static TestStorage Of(StorageKind kind, S3Server s3) => new(kind == StorageKind.S3 ? s3 : null);

    /// <summary>The keys of everything that an owner has in it, halves of writes included.</summary>
    public IReadOnlyList<string> Keys(Guid owner) => _s3?.Keys($"{owner}/")
        ??
        [
            .. Files()
                .Select(file => Path.GetRelativePath(Folder, file))
                .Where(key => key.StartsWith($"{owner}/", StringComparison.Ordinal)),
        ];

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private List<string> Files()
    {
        try
        {
            return [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)];
        }
        catch (DirectoryNotFoundException)
        {
            // A folder went while it was looked at; whoever waits looks again.
            var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
            return [.. Directory.EnumerateFiles(Folder, "*", options)];
        }
    }
}
