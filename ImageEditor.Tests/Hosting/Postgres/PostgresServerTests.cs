using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Postgres;
using ImageEditor.Tests.Hosting.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace ImageEditor.Tests.Hosting.Postgres;

/// <summary>The server starts, asks for its password, survives kill -9 and keeps its data.</summary>
public sealed class PostgresServerTests
{
    private const string Computing = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'";

    [Theory]
    [InlineData(PostgresServerKind.Embedded)]
    [InlineData(PostgresServerKind.System)]
    public async Task Server_Killed_IsStartedAgainOnItsPortWithItsData(PostgresServerKind server)
    {
        await using var app = await StartAsync($"--Hosting:Postgres:Server={server}");
        await app.HealthyAsync("metadata");
        var pid = await app.HealthyReplicaAsync("postgres-0");
        var address = await AddressAsync(app);
        await ExecuteAsync(address, "CREATE TABLE picture (id int)");
        for (var i = 0; i < 20; i++)
        {
            await ExecuteAsync(address, $"INSERT INTO picture VALUES ({i})");
        }

        Process.GetProcessById(pid).Kill();
        await app.HealthyReplicaAsync("postgres-0", otherThan: pid);
        await app.HealthyAsync("metadata");

        Assert.Equal(20L, await ExecuteAsync(address, "SELECT count(*) FROM picture"));
    }

    [Fact]
    public async Task Server_KilledWhileABackendComputes_IsStartedAgain()
    {
        await using var app = await StartAsync();
        await app.HealthyAsync("metadata");
        var pid = await app.HealthyReplicaAsync("postgres-0");
        var address = await AddressAsync(app);
        await using var busy = new NpgsqlConnection(address);
        await busy.OpenAsync(TestContext.Current.CancellationToken);
        // Waiting, it would notice the server's death; computing it does not, and holds the data.
        await using var work = new NpgsqlCommand("DO $$ BEGIN LOOP END LOOP; END $$", busy) { CommandTimeout = 0 };
        var working = work.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync("it computes", TestApplication.Limit, async () => (long)(await ExecuteAsync(address, Computing))! == 1);

        Process.GetProcessById(pid).Kill();

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => working);
        await app.HealthyReplicaAsync("postgres-0", otherThan: pid);
        Assert.Equal(1, await ExecuteAsync(address, "SELECT 1"));
    }

    [Fact]
    public async Task Commands_StopStartRestart_TakeTheDatabaseAlongAndKeepItsData()
    {
        await using var app = await StartAsync();
        await app.HealthyAsync("metadata");
        var address = await AddressAsync(app);
        await ExecuteAsync(address, "CREATE TABLE picture AS SELECT 7 AS id");
        // A client that stays does not hold the stop up.
        await using var client = new NpgsqlConnection(address);
        await client.OpenAsync(TestContext.Current.CancellationToken);

        Assert.True((await CommandAsync(app, "postgres", KnownResourceCommands.StopCommand)).Success);
        await app.ReplicaAsync("postgres-0", s => s.State?.Text == KnownResourceStates.Exited && s.ExitCode == 0);
        await app.ReplicaAsync("metadata", s => s.State?.Text == KnownResourceStates.Exited && s.HealthStatus is null);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(address, "SELECT 1"));

        Assert.True((await CommandAsync(app, "postgres-0", KnownResourceCommands.StartCommand)).Success);
        var pid = await app.HealthyReplicaAsync("postgres-0");
        await app.ReplicaAsync("metadata", s => s.HealthStatus == HealthStatus.Healthy);
        Assert.Equal(7, await ExecuteAsync(address, "SELECT id FROM picture"));

        Assert.True((await CommandAsync(app, "postgres", KnownResourceCommands.RestartCommand)).Success);
        await app.HealthyReplicaAsync("postgres-0", otherThan: pid);
        Assert.Equal(7, await ExecuteAsync(address, "SELECT id FROM picture"));
    }

    [Fact]
    public async Task Server_StartedAgainOnItsData_HasDatabasesAndPasswordOfBefore()
    {
        using var data = new TemporaryFolder();
        string password;
        await using (var first = await StartAsync($"--Hosting:DataDirectory={data.Path}"))
        {
            await first.HealthyAsync("metadata");
            var address = await AddressAsync(first);
            password = new NpgsqlConnectionStringBuilder(address).Password!;
            await ExecuteAsync(address, "CREATE TABLE picture AS SELECT 7 AS id");
        }

        Assert.Equal(password, await File.ReadAllTextAsync(Path.Combine(data.Path, "secrets", "postgres-password"), TestContext.Current.CancellationToken));
        await using var second = await StartAsync($"--Hosting:DataDirectory={data.Path}");
        await second.HealthyAsync("metadata");
        Assert.Equal(7, await ExecuteAsync(await AddressAsync(second), "SELECT id FROM picture"));
        Assert.Equal(1L, await ExecuteAsync(await AddressAsync(second), "SELECT count(*) FROM pg_database WHERE datname = 'metadata'"));
    }

    [Fact]
    public async Task Server_WithoutThePassword_Refuses()
    {
        await using var app = await StartAsync();
        await app.HealthyAsync("metadata");
        var address = new NpgsqlConnectionStringBuilder(await AddressAsync(app)) { Password = "guessed", Pooling = false };

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(address.ConnectionString, "SELECT 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Server_OnDataOfAnotherPassword_IsUnhealthyAndSaysWhy()
    {
        using var data = new TemporaryFolder();
        await using (var first = await StartAsync($"--Hosting:DataDirectory={data.Path}"))
        {
            await first.HealthyAsync("metadata");
        }

        await using var second = await StartAsync($"--Hosting:DataDirectory={data.Path}", "--Parameters:postgres-password=another");
        var unhealthy = await second.ReplicaAsync("postgres-0", s => s.HealthReports.Any(report => report.Description?.Contains("postgres-password", StringComparison.Ordinal) == true));

        Assert.Equal(HealthStatus.Unhealthy, unhealthy.HealthStatus);
    }

    [Fact]
    public async Task Server_OnDataOfAnotherMajorVersion_FailsToStartAndSaysWhatToDo()
    {
        using var data = new TemporaryFolder();
        using var logs = new TemporaryFolder();
        await using (var first = await StartAsync($"--Hosting:DataDirectory={data.Path}"))
        {
            await first.HealthyAsync("metadata");
        }

        await File.WriteAllTextAsync(Path.Combine(data.Path, "postgres", "data", "PG_VERSION"), "17\n", TestContext.Current.CancellationToken);
        await using var second = await StartAsync($"--Hosting:DataDirectory={data.Path}", $"--Hosting:LogDirectory={logs.Path}");
        await second.ReplicaAsync("postgres-0", s => s.State?.Text == KnownResourceStates.FailedToStart);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => second.HealthyAsync("metadata"));
        await second.DisposeAsync();

        var told = await File.ReadAllTextAsync(Path.Combine(logs.Path, "apphost.log"), TestContext.Current.CancellationToken);
        Assert.Contains("written by PostgreSQL 17, and this server is PostgreSQL 18", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_AfterAnInterruptedFirstStart_StartsAndRemovesWhatIsHalf()
    {
        using var data = new TemporaryFolder();
        var postgres = Path.Combine(data.Path, "postgres");
        var half = Directory.CreateDirectory(Path.Combine(postgres, "new-half"));
        await File.WriteAllTextAsync(Path.Combine(half.FullName, "PG_VERSION"), "18\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(postgres, "password"), "left behind", TestContext.Current.CancellationToken);

        await using var app = await StartAsync($"--Hosting:DataDirectory={data.Path}");
        await app.HealthyAsync("metadata");

        Assert.Equal(["data"], Directory.GetFileSystemEntries(postgres).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Applications_SideBySide_HaveServersOfTheirOwn()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await first.HealthyAsync("metadata");
        await second.HealthyAsync("metadata");

        await ExecuteAsync(await AddressAsync(first), "CREATE TABLE mine (id int)");
        await ExecuteAsync(await AddressAsync(second), "CREATE TABLE mine (id int)");

        Assert.NotEqual(new NpgsqlConnectionStringBuilder(await AddressAsync(first)).Port, new NpgsqlConnectionStringBuilder(await AddressAsync(second)).Port);
        Assert.NotEqual(new NpgsqlConnectionStringBuilder(await AddressAsync(first)).Password, new NpgsqlConnectionStringBuilder(await AddressAsync(second)).Password);
    }

    [Fact]
    public async Task Database_ThatWasDropped_IsCreatedAgain()
    {
        await using var app = await StartAsync();
        await app.HealthyAsync("metadata");
        var maintenance = new NpgsqlConnectionStringBuilder(await AddressAsync(app)) { Database = "postgres" }.ConnectionString;

        await ExecuteAsync(maintenance, "DROP DATABASE metadata WITH (FORCE)");

        await Until.TrueAsync(
            "the database is there again",
            TestApplication.Limit,
            async () => (long)(await ExecuteAsync(maintenance, "SELECT count(*) FROM pg_database WHERE datname = 'metadata'"))! == 1);
    }

    [Fact]
    public async Task Settings_AreDurableAndOfThisMachineAlone()
    {
        await using var app = await StartAsync();
        await app.HealthyAsync("metadata");
        var address = await AddressAsync(app);

        Assert.Equal("on", await ShowAsync("fsync"));
        Assert.Equal("on", await ShowAsync("synchronous_commit"));
        Assert.Equal("127.0.0.1", await ShowAsync("listen_addresses"));
        Assert.Equal("", await ShowAsync("unix_socket_directories"));
        Assert.Equal("scram-sha-256", await ShowAsync("password_encryption"));
        Assert.Equal("UTF8", await ShowAsync("server_encoding"));
        Assert.Equal("200", await ShowAsync("max_connections"));
        Assert.Equal(0L, await ExecuteAsync(address, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'"));

        async Task<object?> ShowAsync(string setting) => await ExecuteAsync(address, $"SHOW {setting}");
    }

    [Fact]
    public async Task Server_StartedByRoot_RunsAsAnotherUserWhoMayNotEnterTheFolderAbove()
    {
        using var data = new TemporaryFolder();
        await using var app = await StartAsync($"--Hosting:DataDirectory={data.Path}");
        var pid = await app.HealthyReplicaAsync("postgres-0");

        var status = await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"), TestContext.Current.CancellationToken);
        var expected = Environment.IsPrivilegedProcess ? "65534" : OwnUser();
        Assert.Equal(["Uid:", expected, expected, expected, expected], Line("Uid:"));
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            Assert.Equal(["CapEff:", "0000000000000000"], Line("CapEff:"));
            Assert.Equal(["NoNewPrivs:", "1"], Line("NoNewPrivs:"));
            Assert.Equal(["Groups:"], Line("Groups:"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data.Path));
        }

        string[] Line(string name) => status.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

        static string OwnUser() => File.ReadAllLines("/proc/self/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
    }

    private static Task<TestApplication> StartAsync(params string[] args) => TestApplication.StartAsync(
        builder => builder.AddPostgres("postgres").WithDataVolume().AddDatabase("metadata"), [Models.Empty, .. args]);

    private static async Task<string> AddressAsync(TestApplication app) =>
        (await app.App.GetConnectionStringAsync("metadata", TestContext.Current.CancellationToken))!;

    private static async Task<object?> ExecuteAsync(string address, string sql)
    {
        await using var source = NpgsqlDataSource.Create(address);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static Task<ExecuteCommandResult> CommandAsync(TestApplication app, string id, string command) =>
        app.App.ResourceCommands.ExecuteCommandAsync(id, command, TestContext.Current.CancellationToken);
}
