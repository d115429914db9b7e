using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>Where what outlives a run is kept: data, generated secrets, logs.</summary>
internal sealed class DataFolder(string root, string? logDirectory)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Root { get; } = root;

    public string Logs { get; } = logDirectory ?? Path.Combine(root, "logs");

    public static DataFolder Of(IDistributedApplicationBuilder builder)
    {
        var application = (DistributedApplicationBuilder)(builder is IWrappedBuilder wrapped ? wrapped.Inner : builder);
        return Of(builder.Configuration, application.Settings, builder.AppHostDirectory);
    }

    public static DataFolder Of(IConfiguration configuration, HostSettings settings, string appHostDirectory)
    {
        var options = HostingOptions.From(configuration);
        var root = options.DataDirectory ?? AssemblyFacts.Find(settings.AppHost, "AppHostDataPath") ?? ".data";
        return new DataFolder(
            Path.GetFullPath(root, appHostDirectory),
            options.LogDirectory is null ? null : Path.GetFullPath(options.LogDirectory, appHostDirectory));
    }

    /// <summary>The folder for the data of one resource, which is made.</summary>
    public string For(IResource resource)
    {
        var folder = Path.Combine(Root, resource.Name);
        CreatePrivate(folder);
        return folder;
    }

    /// <summary>A secret that is generated once.</summary>
    public string GetOrCreateSecret(string name, Func<string> generate)
    {
        var folder = Path.Combine(Root, "secrets");
        CreatePrivate(folder);
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            // Moved into place, so that a secret is there whole or not at all; whoever comes second takes the first's.
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
            : throw new DistributedApplicationException($"The secret in '{path}' is empty. Put back a copy of it; or delete it, to have a new one, when nothing kept depends on it.");
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

        // Onto the disk: a secret that is renamed into place empty would make the kept data useless.
        file.Flush(flushToDisk: true);
    }

    /// <summary>Takes the data for this process until the lock is disposed or the process dies, however it dies.</summary>
    /// <exception cref="DistributedApplicationException">Another AppHost has it.</exception>
    public IDisposable Lock()
    {
        CreatePrivate(Root);
        Directory.CreateDirectory(Logs);
        try
        {
            return new FileStream(Path.Combine(Root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException(
                $"The data folder '{Root}' is in use by another AppHost. Stop it, or give this one a folder of its own: Hosting:DataDirectory.", exception);
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
