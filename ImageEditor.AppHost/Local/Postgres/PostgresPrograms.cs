using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageEditor.AppHost.Local.Postgres;

/// <summary>A PostgreSQL server's programs.</summary>
/// <param name="Folder">Where <c>postgres</c> and <c>initdb</c> are.</param>
internal sealed partial record PostgresPrograms(string Folder)
{
    private const string Program = "postgres";
    private const string CacheFolder = "/var/cache/image-editor";
    private static readonly string[] Distributions = ["/usr/lib/postgresql", "/usr"];

    /// <summary>Finds the server that the build installed (<c>embedded</c>), or one of this machine (<c>system</c>).</summary>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    public static PostgresPrograms Find(string kind) => new(kind switch
    {
        "embedded" => FindEmbedded(),
        "system" => FindOnMachine(),
        _ => throw new DistributedApplicationException($"The setting 'Local:Postgres:Server' is '{kind}'; it must be embedded or system."),
    });

    public string PathOf(string program) => Path.Combine(Folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program);

    /// <summary>The version, as <c>18.4</c>.</summary>
    /// <exception cref="DistributedApplicationException">The program is no PostgreSQL server.</exception>
    public async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var answer = await new Command(PathOf(Program), ["--version"]).RunAsync(cancellationToken);
        var version = VersionPattern().Match(answer);
        return version.Success
            ? version.Value
            : throw new DistributedApplicationException(
                $"'{PathOf(Program)}' says that it is '{answer}', which is no version of PostgreSQL.");
    }

    /// <summary>
    /// Where every user may read the programs: where they are, or else a copy, made once for each version of the package.
    /// </summary>
    /// <exception cref="DistributedApplicationException">There is no such place.</exception>
    public async Task<PostgresPrograms> ReadableByAllAsync(CancellationToken cancellationToken, string cacheFolder = CacheFolder)
    {
        var package = Path.GetFullPath("../..", Folder);
        var barrier = UnprivilegedUser.FindBarrier(PathOf(Program));
        if (barrier is null)
        {
            return this;
        }

        var description = Path.Combine(package, "package.json");
        if (!File.Exists(description))
        {
            throw new DistributedApplicationException(
                $"PostgreSQL does not run as root, and the user that it would run as may not enter '{barrier}': "
                + "allow that (chmod o+x), or start the AppHost as another user.");
        }

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(description, cancellationToken));
        var copy = Path.Combine(cacheFolder, $"postgres-{json.RootElement.GetProperty("version").GetString()}");
        if (!Directory.Exists(copy))
        {
            await CopyAsync(Path.Combine(package, "native"), copy, cancellationToken);
        }

        return new PostgresPrograms(Path.Combine(copy, "bin"));
    }

    private static async Task CopyAsync(string native, string copy, CancellationToken cancellationToken)
    {
        // Beside and then renamed, so that a copy is there whole or not at all.
        var beside = $"{copy}.{Path.GetRandomFileName()}";
        await new Command("mkdir", ["-p", "-m", "755", Path.GetDirectoryName(copy)!]).RunAsync(cancellationToken);
        await new Command("cp", ["-R", "-P", native, beside]).RunAsync(cancellationToken);
        await new Command("chmod", ["-R", "go+rX", beside]).RunAsync(cancellationToken);
        try
        {
            Directory.Move(beside, copy);
        }
        catch (IOException) when (Directory.Exists(copy))
        {
            Directory.Delete(beside, recursive: true);
        }
    }

    private static string FindEmbedded()
    {
        var packages = typeof(PostgresPrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(fact => fact.Key == "PostgresPackages").Value!;
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var platform = $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var folder = Path.Combine(packages, platform, "native", "bin");
        return Directory.Exists(folder)
            ? folder
            : throw new DistributedApplicationException(
                $"The PostgreSQL server for {platform} is not installed in '{packages}': "
                + "build again with npm on the PATH, or use one of this machine: --Local:Postgres:Server=system.");
    }

    /// <summary>The one on the PATH, or else the newest of those that distributions install beside one another.</summary>
    private static string FindOnMachine()
    {
        var onPath = SearchPath.Find(Program) is { } found
            ? new FileInfo(found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found
            : null;
        var folder = Path.GetDirectoryName(onPath) ?? Distributions.Where(Directory.Exists)
            .SelectMany(parent => Directory.EnumerateDirectories(parent))
            .Where(version => NumberPattern().IsMatch(Path.GetFileName(version)))
            .OrderByDescending(version => int.Parse(NumberPattern().Match(Path.GetFileName(version)).Value, CultureInfo.InvariantCulture))
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, Program)));
        return folder ?? throw new DistributedApplicationException(
            $"There is no PostgreSQL server on this machine: "
            + $"'{Program}' is neither on the PATH nor in /usr/lib/postgresql/*/bin or /usr/pgsql-*/bin. "
            + "Install one, or use the embedded one: --Local:Postgres:Server=embedded.");
    }

    [GeneratedRegex(@"\d+\.\d+|(?<=PostgreSQL\) )\d+")]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"(?<=^|^pgsql-)\d+$")]
    private static partial Regex NumberPattern();
}
