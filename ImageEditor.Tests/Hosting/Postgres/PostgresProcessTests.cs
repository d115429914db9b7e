using System.Diagnostics;
using Aspire.Hosting.Processes;
using ImageEditor.Tests.Hosting.Support;
using Npgsql;

namespace ImageEditor.Tests.Hosting.Postgres;

/// <summary>A server of a real AppHost: what is left when that is killed, and what the next one makes of it.</summary>
public sealed class PostgresProcessTests
{
    private static readonly string[] Model = [Models.Empty, "--Postgres=metadata"];
    private const string Computing = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'";
    private static readonly TimeSpan OrphanLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Kill_OfTheAppHost_LeavesNoServer_AndTheNextStartsOnItsData()
    {
        using var data = new TemporaryFolder();
        await using var first = AppHostProcess.Start(data.Path, Model);
        await first.HealthyAsync();
        await ExecuteAsync(data.Path, "CREATE TABLE picture AS SELECT 7 AS id");
        // A backend that computes does not notice the death of its server by itself.
        var computing = ExecuteAsync(data.Path, "DO $$ BEGIN LOOP END LOOP; END $$");
        await Until.TrueAsync("a backend computes", StartLimit, async () => (long)(await ExecuteAsync(data.Path, Computing))! == 1);
        var server = ServerOf(data.Path);
        var processes = TreeOf(server);
        Assert.True(processes.Count > 4, string.Join(' ', processes));

        first.Kill();

        await Until.TrueAsync("no process of the server is left", OrphanLimit, () => !processes.Any(process => process.IsAlive()));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => computing);
        Assert.True(File.Exists(LockFile(data.Path)));
        await using var second = AppHostProcess.Start(data.Path, Model);
        await second.HealthyAsync();
        Assert.NotEqual(server, ServerOf(data.Path));
        Assert.Equal(7, await ExecuteAsync(data.Path, "SELECT id FROM picture"));
    }

    [Fact]
    public async Task Kill_OfTheAppHostAndStartAtOnce_WaitsForTheServerThatIsLeft()
    {
        using var data = new TemporaryFolder();
        await using var first = AppHostProcess.Start(data.Path, Model);
        await first.HealthyAsync();
        await ExecuteAsync(data.Path, "CREATE TABLE picture AS SELECT 7 AS id");

        first.Kill();
        await using var second = AppHostProcess.Start(data.Path, Model);

        await second.HealthyAsync();
        Assert.Equal(7, await ExecuteAsync(data.Path, "SELECT id FROM picture"));
    }

    [Fact]
    public async Task Kill_WhileTheDataIsBeingMade_LeavesNothingThatBlocksTheNextStart()
    {
        using var data = new TemporaryFolder();
        var postgres = Path.Combine(data.Path, "postgres");
        await using var first = AppHostProcess.Start(data.Path, Model);
        await Until.TrueAsync("initdb is at work", StartLimit, () => Directory.Exists(postgres) && Directory.GetDirectories(postgres, "new-*").Length > 0);

        first.Kill();

        await Until.TrueAsync("no child is left", OrphanLimit, () => first.Descendants().Count == 0);
        await using var second = AppHostProcess.Start(data.Path, Model);
        await second.HealthyAsync();
        Assert.Equal(["data"], Directory.GetFileSystemEntries(postgres).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_ShutsTheServerDown(string signal)
    {
        using var data = new TemporaryFolder();
        await using var host = AppHostProcess.Start(data.Path, Model);
        await host.HealthyAsync();
        var processes = TreeOf(ServerOf(data.Path));

        host.Signal(signal);
        await host.ExitedAsync(StartLimit);

        Assert.Equal(0, host.ExitCode);
        Assert.Contains("postgres-0: Exited with exit code 0", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(processes, process => process.IsAlive());
        Assert.False(File.Exists(LockFile(data.Path)));
        var log = await File.ReadAllTextAsync(Path.Combine(data.Path, "logs", "postgres-0.log"), TestContext.Current.CancellationToken);
        Assert.Contains("database system is shut down", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TellsWhichServer_AndShowsNoSecret()
    {
        using var data = new TemporaryFolder();
        await using var host = AppHostProcess.Start(data.Path, Model);
        await host.HealthyAsync();
        var secret = await File.ReadAllTextAsync(Path.Combine(data.Path, "secrets", "postgres-password"), TestContext.Current.CancellationToken);
        var commands = TreeOf(ServerOf(data.Path)).Select(process => File.ReadAllText($"/proc/{process.Id}/cmdline")).Concat(host.Descendants().Values).ToList();

        host.Signal("TERM");
        await host.ExitedAsync(StartLimit);

        Assert.Contains("postgres-0: PostgreSQL 18.", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(commands, command => command.Contains(secret, StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(Path.Combine(data.Path, "logs")), log => Assert.DoesNotContain(secret, File.ReadAllText(log), StringComparison.Ordinal));
    }

    [Fact]
    public async Task AppHost_OfAnOrdinaryUser_RunsTheServerAsThatUser()
    {
        using var data = new TemporaryFolder();
        string[] asNobody = [];
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "65534:65534", data.Path);
            asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"];
        }

        await using var host = AppHostProcess.StartBy(asNobody, data.Path, Model);
        await host.HealthyAsync();

        Assert.Equal(1, await ExecuteAsync(data.Path, "SELECT 1"));
        Assert.DoesNotContain("/proc/self", await File.ReadAllTextAsync(LockFile(data.Path), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        host.Signal("TERM");
        await host.ExitedAsync(StartLimit);
        Assert.Equal(0, host.ExitCode);
    }

    private static string LockFile(string data) => Path.Combine(data, "postgres", "data", "postmaster.pid");

    private static int ServerOf(string data) => int.Parse(File.ReadLines(LockFile(data)).First(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The server's process and its children. They are found by their parent: PostgreSQL overwrites its environment.</summary>
    private static List<ProcessIdentity> TreeOf(int server) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && (id == server || ParentOf(id) == server))
            .Select(ProcessIdentity.Of)
            .OfType<ProcessIdentity>(),
    ];

    private static int? ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<object?> ExecuteAsync(string data, string sql)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = int.Parse(File.ReadLines(LockFile(data)).ElementAt(3), System.Globalization.CultureInfo.InvariantCulture),
            Username = "postgres",
            Password = await File.ReadAllTextAsync(Path.Combine(data, "secrets", "postgres-password"), TestContext.Current.CancellationToken),
            Database = "metadata",
        };
        await using var source = NpgsqlDataSource.Create(address.ConnectionString);
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static void Run(string program, params string[] args)
    {
        using var process = Process.Start(program, args);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
