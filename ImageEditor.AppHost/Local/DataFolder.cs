namespace ImageEditor.AppHost.Local;

/// <summary>Where this machine keeps what outlives a run: <c>.data</c> beside the solution, or <c>Local:DataDirectory</c>.</summary>
internal sealed class DataFolder(string root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Root { get; } = root;

    public static DataFolder Of(IDistributedApplicationBuilder builder) =>
        new(Path.GetFullPath(builder.Configuration["Local:DataDirectory"] ?? Path.Combine("..", ".data"), builder.AppHostDirectory));

    /// <summary>Makes the folder for the data of one resource, if it is not there, and returns its path.</summary>
    public string For(string resource)
    {
        var folder = Path.Combine(Root, resource);
        CreatePrivate(Root);
        CreatePrivate(folder);
        return folder;
    }

    /// <summary>Reads a secret, which is made at the first call and kept.</summary>
    /// <exception cref="DistributedApplicationException">The file is empty.</exception>
    public string GetOrCreateSecret(string name, Func<string> generate)
    {
        var folder = For("secrets");
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            // Renamed into place, so that a secret is there whole or not at all; whoever comes second takes the first one's.
            var written = Path.Combine(folder, Path.GetRandomFileName());
            WritePrivate(written, generate());
            try
            {
                File.Move(written, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(written);
            }
        }

        var secret = File.ReadAllText(path);
        return secret.Length > 0
            ? secret
            : throw new DistributedApplicationException(
                $"The secret in '{path}' is empty. "
                + "Put back a copy of it; or delete it, to have a new one, when nothing kept depends on it.");
    }

    /// <summary>Writes a file that only its owner may read.</summary>
    public static void WritePrivate(string path, string content)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, options);
        using var writer = new StreamWriter(file);
        writer.Write(content);
        writer.Flush();

        // A secret that is renamed into place empty would make the kept data useless.
        file.Flush(flushToDisk: true);
    }

    /// <summary>Takes the folder for this process, until the lock is disposed or the process ends, however it ends.</summary>
    /// <exception cref="DistributedApplicationException">Another AppHost has it.</exception>
    public DataFolderLock Lock()
    {
        CreatePrivate(Root);
        try
        {
            return new DataFolderLock(
                new FileStream(Path.Combine(Root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new DistributedApplicationException(
                $"The data folder '{Root}' is in use by another AppHost. "
                + "Stop it, or give this one a folder of its own: --Local:DataDirectory=PATH.");
        }
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
