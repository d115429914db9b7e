using System.Runtime.Versioning;
using ImageEditor.AppHost.Local.Postgres;
using ImageEditor.AppHost.Tests.Support;

namespace ImageEditor.AppHost.Tests.Local.Postgres;

/// <summary>Where the server's programs are run from, for a user that may not go everywhere.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresProgramsTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody =
        OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Fact]
    public async Task ReadableByAllAsync_OfWhatAnyoneMayRead_IsThePlaceItself()
    {
        using var folder = new TemporaryFolder();
        var place = new Place(folder.Path);
        place.Open();

        Assert.Equal(place.Programs, await place.ReadableByAllAsync());
        Assert.False(Directory.Exists(place.Cache));
    }

    [Fact]
    public async Task ReadableByAllAsync_BelowAClosedFolder_IsACopyThatIsMadeOnce()
    {
        using var folder = new TemporaryFolder();
        var place = new Place(folder.Path);
        place.Open();
        File.SetUnixFileMode(place.Package, OwnerOnly);

        var copy = await place.ReadableByAllAsync();
        var written = File.GetLastWriteTimeUtc(copy);

        Assert.Equal(Path.Combine(place.Cache, "postgres-1.2.3", "bin"), copy);
        Assert.Null(UnprivilegedUser.FindBarrier(Path.Combine(copy, "postgres")));
        Assert.Equal("libone.so.1", new FileInfo(Path.Combine(copy, "..", "lib", "libone.so")).LinkTarget);
        Assert.Equal(copy, await place.ReadableByAllAsync());
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
        Assert.Single(Directory.GetDirectories(place.Cache));
    }

    [Fact]
    public async Task ReadableByAllAsync_WithoutAPackageToCopy_NamesTheFolder()
    {
        using var folder = new TemporaryFolder();
        var place = new Place(folder.Path);
        File.Delete(Path.Combine(place.Package, "package.json"));

        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(place.ReadableByAllAsync);

        Assert.Contains($"'{folder.Path}'", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A package with a program, a library and a link to it, and a folder for copies.</summary>
    private sealed class Place
    {
        private readonly string _folder;

        public Place(string folder)
        {
            _folder = folder;
            Directory.CreateDirectory(Programs);
            var libraries = Directory.CreateDirectory(Path.Combine(Package, "native", "lib")).FullName;
            File.WriteAllText(Path.Combine(Package, "package.json"), """{ "version": "1.2.3" }""");
            File.WriteAllText(Path.Combine(Programs, "postgres"), "#!/bin/sh");
            File.WriteAllText(Path.Combine(libraries, "libone.so.1"), "");
            File.CreateSymbolicLink(Path.Combine(libraries, "libone.so"), "libone.so.1");
            File.SetUnixFileMode(Path.Combine(Programs, "postgres"), OwnerOnly);
        }

        public string Package => Path.Combine(_folder, "package");

        public string Programs => Path.Combine(Package, "native", "bin");

        public string Cache => Path.Combine(_folder, "cache");

        public void Open()
        {
            File.SetUnixFileMode(_folder, Everybody);
            File.SetUnixFileMode(Path.Combine(Programs, "postgres"), Everybody);
        }

        public async Task<string> ReadableByAllAsync() =>
            (await new PostgresPrograms(Programs).ReadableByAllAsync(TestContext.Current.CancellationToken, Cache)).Folder;
    }
}
