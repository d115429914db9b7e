using System.Diagnostics;
using Aspire.Hosting.Postgres;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Running;
using ImageEditor.Tests.Hosting.Support;

namespace ImageEditor.Tests.Hosting.Postgres;

/// <summary>Where the server's programs are run from, for a user that may not go everywhere.</summary>
public sealed class PostgresServerPlaceTests
{
    [Fact]
    public async Task MakeReadableAsync_OfWhatAnyoneMayRead_IsThePlaceItself()
    {
        using var folder = new TemporaryFolder();
        using var place = new Place(folder.Path);
        place.Open();

        Assert.Equal(place.Programs, await place.MakeReadableAsync());
        Assert.False(Directory.Exists(place.Cache));
    }

    [Fact]
    public async Task MakeReadableAsync_BelowAClosedFolder_IsACopyThatIsMadeOnce()
    {
        using var folder = new TemporaryFolder();
        using var place = new Place(folder.Path);
        place.Open();
        Place.Close(place.Package);

        var copy = await place.MakeReadableAsync();
        var written = File.GetLastWriteTimeUtc(copy);

        Assert.Equal(Path.Combine(place.Cache, "postgres-1.2.3", "bin"), copy);
        Assert.Null(UnprivilegedUser.FindBarrier(Path.Combine(copy, "postgres")));
        Assert.Equal("libone.so.1", new FileInfo(Path.Combine(copy, "..", "lib", "libone.so")).LinkTarget);
        Assert.Equal(copy, await place.MakeReadableAsync());
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
        Assert.Single(Directory.GetDirectories(place.Cache));
    }

    [Fact]
    public async Task MakeReadableAsync_WithNoPlaceThatIsOpen_NamesTheFolder()
    {
        using var folder = new TemporaryFolder();
        using var place = new Place(folder.Path);

        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(place.MakeReadableAsync);

        Assert.Contains($"'{folder.Path}'", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A package with a program, a library and a link to it, and a folder for copies.</summary>
    private sealed class Place : IDisposable
    {
        private readonly string _folder;
        private readonly OutputLog _log;

        public Place(string folder)
        {
            _folder = folder;
            _log = new OutputLog(Path.Combine(folder, "log"));
            Directory.CreateDirectory(Programs);
            var libraries = Directory.CreateDirectory(Path.Combine(Package, "native", "lib")).FullName;
            File.WriteAllText(Path.Combine(Package, "package.json"), """{ "version": "1.2.3" }""");
            File.WriteAllText(Path.Combine(Programs, "postgres"), "#!/bin/sh");
            File.WriteAllText(Path.Combine(libraries, "libone.so.1"), "");
            File.CreateSymbolicLink(Path.Combine(libraries, "libone.so"), "libone.so.1");
            Chmod("700", Path.Combine(Programs, "postgres"));
        }

        public string Package => Path.Combine(_folder, "package");

        public string Programs => Path.Combine(Package, "native", "bin");

        public string Cache => Path.Combine(_folder, "cache");

        public void Open()
        {
            Chmod("755", _folder);
            Chmod("755", Path.Combine(Programs, "postgres"));
        }

        public static void Close(string folder) => Chmod("700", folder);

        public async Task<string> MakeReadableAsync()
        {
            await using var watchdog = new Watchdog();
            var context = new StartContext(new Replica(new ProjectResource("one"), 0), watchdog, _log, _ => { });
            return await PostgresServer.MakeReadableAsync(Programs, Cache, context, TestContext.Current.CancellationToken);
        }

        public void Dispose() => _log.Dispose();

        private static void Chmod(string mode, string path)
        {
            using var chmod = Process.Start("chmod", [mode, path]);
            chmod.WaitForExit();
            Assert.Equal(0, chmod.ExitCode);
        }
    }
}
