using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Postgres;

/// <summary>A PostgreSQL server's programs.</summary>
/// <param name="Folder">Where <c>postgres</c> and <c>initdb</c> are.</param>
/// <param name="Version">The version, as <c>18.4</c>.</param>
internal sealed partial record PostgresServer(string Folder, string Version)
{
    private const string Program = "postgres";
    private const string PackageFile = "package.json";
    private const string CacheFolder = "/var/cache/aspire-hosting";
    private static readonly string[] DistributionFolders = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"];

    /// <summary>The part of the version that the data depends on.</summary>
    public int Major => int.Parse(Version.Split('.')[0], CultureInfo.InvariantCulture);

    /// <summary>Finds the server, tells which it is, and sees to it that the user who is to run it can read it.</summary>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    public static async Task<PostgresServer> FindAsync(PostgresServerKind kind, StartContext context, CancellationToken cancellationToken)
    {
        var folder = kind == PostgresServerKind.Embedded ? FindEmbedded() : FindOnMachine();
        if (UnprivilegedUser.IsNeeded)
        {
            folder = await MakeReadableAsync(folder, CacheFolder, context, cancellationToken);
        }

        var answer = await context.RunAsync(new ProcessStartInfo(Path.Combine(folder, Program), ["--version"]), cancellationToken);
        var version = VersionPattern().Match(answer);
        if (!version.Success)
        {
            throw new DistributedApplicationException($"'{Path.Combine(folder, Program)}' says that it is '{answer}', which is no version of PostgreSQL.");
        }

        context.Tell($"PostgreSQL {version.Value} ({(kind == PostgresServerKind.Embedded ? "embedded" : "of this system")}: {folder})");
        return new PostgresServer(folder, version.Value);
    }

    public string PathOf(string program) => Path.Combine(Folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program);

    private static string FindEmbedded()
    {
        var packages = AssemblyFacts.Find(typeof(PostgresServer).Assembly, "PostgresPackages")!;
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var platform = $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var folder = Path.Combine(packages, platform, "native", "bin");
        return Directory.Exists(folder) ? folder : throw new DistributedApplicationException(
            $"The PostgreSQL server for {platform} is not installed in '{packages}': build again with npm on PATH, or use one of this machine: Hosting:Postgres:Server=system.");
    }

    private static string FindOnMachine()
    {
        var onPath = PathSearch.Find(Program) is { } found ? new FileInfo(found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found : null;
        return (onPath is null ? null : Path.GetDirectoryName(onPath))
            ?? DistributionFolders.SelectMany(Expand).Where(folder => File.Exists(Path.Combine(folder, Program))).MaxBy(NumberIn)
            ?? throw new DistributedApplicationException(
                $"There is no PostgreSQL server on this machine: '{Program}' is neither on PATH nor in {string.Join(" or ", DistributionFolders)}. Install one, or use the embedded one: Hosting:Postgres:Server=embedded.");
    }

    /// <summary>Where every user may read the server: where it is, or else a copy, made once for each version of the package.</summary>
    /// <exception cref="DistributedApplicationException">There is no such place.</exception>
    public static async Task<string> MakeReadableAsync(string folder, string cacheFolder, StartContext context, CancellationToken cancellationToken)
    {
        var barrier = UnprivilegedUser.FindBarrier(Path.Combine(folder, Program));
        var package = Path.GetFullPath("../..", folder);
        if (barrier is not null && File.Exists(Path.Combine(package, PackageFile)))
        {
            folder = Path.Combine(await CopyAsync(package, cacheFolder, context, cancellationToken), "bin");
            barrier = UnprivilegedUser.FindBarrier(Path.Combine(folder, Program));
        }

        return barrier is null ? folder : throw new DistributedApplicationException(
            $"PostgreSQL does not run as root, and the user that it would run as may not enter '{barrier}': allow that (chmod o+x), or start the AppHost as another user.");
    }

    private static async Task<string> CopyAsync(string package, string cacheFolder, StartContext context, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(package, PackageFile), cancellationToken));
        var copy = Path.Combine(cacheFolder, $"postgres-{json.RootElement.GetProperty("version").GetString()}");
        if (!Directory.Exists(copy))
        {
            // Beside and then renamed, so that a copy is there whole or not at all.
            var beside = $"{copy}.{Path.GetRandomFileName()}";
            await context.RunAsync(new ProcessStartInfo("mkdir", ["-p", "-m", "755", cacheFolder]), cancellationToken);
            await context.RunAsync(new ProcessStartInfo("cp", ["-R", "-P", Path.Combine(package, "native"), beside]), cancellationToken);
            await context.RunAsync(new ProcessStartInfo("chmod", ["-R", "go+rX", beside]), cancellationToken);
            try
            {
                Directory.Move(beside, copy);
            }
            catch (IOException) when (Directory.Exists(copy))
            {
                Directory.Delete(beside, recursive: true);
            }
        }

        return copy;
    }

    private static IEnumerable<string> Expand(string pattern)
    {
        // One folder of the pattern has a star in it.
        var parts = pattern.Split('/');
        var star = Array.FindIndex(parts, part => part.Contains('*', StringComparison.Ordinal));
        var parent = string.Join('/', parts[..star]);
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, parts[star]).Select(folder => Path.Combine([folder, .. parts[(star + 1)..]]))
            : [];
    }

    private static int NumberIn(string folder) =>
        int.TryParse(DigitsPattern().Match(folder).Value, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"\d+\.\d+|(?<=PostgreSQL\) )\d+")]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"\d+")]
    private static partial Regex DigitsPattern();
}
