using System.Globalization;
using ImageEditor.AppHost.Local.Postgres;
using ImageEditor.AppHost.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ImageEditor.AppHost.Tests.Local.Postgres;

/// <summary>The server starts, asks for its password, survives kill -9 and keeps its data.</summary>
public sealed class PostgresTests
{
    private const string Computing = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("embedded")]
    [InlineData("system")]
    public async Task Server_Killed_IsStartedAgainOnItsPortWithItsData(string server)
    {
        await using var app = await StartAsync($"--Local:Postgres:Server={server}");
        await app.HealthyAsync("gallery");
        var process = await app.RunningAsync("server");
        var address = await AddressAsync(app);
        await ExecuteAsync(address, "CREATE TABLE picture (id int)");
        for (var i = 0; i < 20; i++)
        {
            await ExecuteAsync(address, $"INSERT INTO picture VALUES ({i})");
        }

        Signals.KillProcess(process);
        await app.RunningAsync("server", otherThan: process);

        await AnswersAsync(address);
        Assert.Equal(20L, await ExecuteAsync(address, "SELECT count(*) FROM picture"));
    }

    [Fact]
    public async Task Server_KilledWhileABackendComputes_IsStartedAgain()
    {
        await using var app = await StartAsync();
        await app.HealthyAsync("gallery");
        var process = await app.RunningAsync("server");
        var address = await AddressAsync(app);
        await using var busy = new NpgsqlConnection(address);
        await busy.OpenAsync(Cancel);
        // Waiting, it would notice the server's death; computing it does not, and holds the data.
        await using var work = new NpgsqlCommand("DO $$ BEGIN LOOP END LOOP; END $$", busy) { CommandTimeout = 0 };
        var working = work.ExecuteScalarAsync(Cancel);
        await Until.TrueAsync(
            "it computes", TestApplication.Limit, async () => (long)(await ExecuteAsync(address, Computing))! == 1, Cancel);

        Signals.KillProcess(process);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => working);
        await app.RunningAsync("server", otherThan: process);
        await AnswersAsync(address);
    }

    [Fact]
    public async Task Commands_StopAndStart_TakeTheDatabaseAlongAndKeepItsData()
    {
        await using var app = await StartAsync();
        await app.HealthyAsync("gallery");
        var process = await app.RunningAsync("server");
        var address = await AddressAsync(app);
        await ExecuteAsync(address, "CREATE TABLE picture AS SELECT 7 AS id");
        // A client that stays does not hold the stop up.
        await using var client = new NpgsqlConnection(address);
        await client.OpenAsync(Cancel);

        await app.CommandAsync("server", KnownResourceCommands.StopCommand);
        await app.SeenAsync(
            "server", snapshot => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text) && snapshot.ExitCode == 0);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(address, "SELECT 1"));

        await app.CommandAsync("server", KnownResourceCommands.StartCommand);
        await app.RunningAsync("server", otherThan: process);
        await AnswersAsync(address);
        Assert.Equal(7, await ExecuteAsync(address, "SELECT id FROM picture"));
    }

    [Fact]
    public async Task Server_StartedAgainOnItsData_HasDatabasesAndPasswordOfBefore()
    {
        using var data = new TemporaryFolder();
        string password;
        await using (var first = await StartAsync($"--Local:DataDirectory={data.Path}"))
        {
            await first.HealthyAsync("gallery");
            var address = await AddressAsync(first);
            password = new NpgsqlConnectionStringBuilder(address).Password!;
            await ExecuteAsync(address, "CREATE TABLE picture AS SELECT 7 AS id");
        }

        var secret = Path.Combine(data.Path, "secrets", "server-password");
        Assert.Equal(password, await File.ReadAllTextAsync(secret, Cancel));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data.Path));
        }

        await using var second = await StartAsync($"--Local:DataDirectory={data.Path}");
        await second.HealthyAsync("gallery");
        Assert.Equal(7, await ExecuteAsync(await AddressAsync(second), "SELECT id FROM picture"));
        Assert.Equal(1L, await ExecuteAsync(await AddressAsync(second), "SELECT count(*) FROM pg_database WHERE datname = 'gallery'"));
        var guess = new NpgsqlConnectionStringBuilder(await AddressAsync(second)) { Password = "guessed", Pooling = false };
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(guess.ConnectionString, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Server_OnDataOfAnotherMajorVersion_FailsToStartAndSaysWhatToDo()
    {
        using var data = new TemporaryFolder();
        await using (var first = await StartAsync($"--Local:DataDirectory={data.Path}"))
        {
            await first.HealthyAsync("gallery");
        }

        await File.WriteAllTextAsync(Path.Combine(data.Path, "server", "data", "PG_VERSION"), "17\n", Cancel);

        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(() => new PostgresCluster(Path.Combine(data.Path, "server"))
            .PrepareAsync(PostgresPrograms.Find("embedded"), 1, "postgres", "password", Cancel));
        Assert.Contains("written by PostgreSQL 17, and this server is PostgreSQL 18", refused.Message, StringComparison.Ordinal);
        await using var second = await StartAsync($"--Local:DataDirectory={data.Path}");
        await second.SeenAsync("server", snapshot => snapshot.State?.Text == KnownResourceStates.FailedToStart);
    }

    [Fact]
    public async Task Server_AfterAnInterruptedFirstStart_StartsAndRemovesWhatIsHalf()
    {
        using var data = new TemporaryFolder();
        var postgres = Path.Combine(data.Path, "server");
        var half = Directory.CreateDirectory(Path.Combine(postgres, "new-half"));
        await File.WriteAllTextAsync(Path.Combine(half.FullName, "PG_VERSION"), "18\n", Cancel);
        await File.WriteAllTextAsync(Path.Combine(postgres, "password"), "left behind", Cancel);

        await using var app = await StartAsync($"--Local:DataDirectory={data.Path}");
        await app.HealthyAsync("gallery");

        Assert.Equal(["data"], Directory.GetFileSystemEntries(postgres).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Settings_AreDurableAndOfThisMachineAlone_AndRootRunsTheServerAsAnotherUser()
    {
        await using var app = await StartAsync();
        await app.HealthyAsync("gallery");
        var address = await AddressAsync(app);

        Assert.Equal("on", await ShowAsync("fsync"));
        Assert.Equal("on", await ShowAsync("synchronous_commit"));
        Assert.Equal("127.0.0.1", await ShowAsync("listen_addresses"));
        Assert.Equal("", await ShowAsync("unix_socket_directories"));
        Assert.Equal("scram-sha-256", await ShowAsync("password_encryption"));
        Assert.Equal("UTF8", await ShowAsync("server_encoding"));
        Assert.Equal("200", await ShowAsync("max_connections"));
        Assert.Equal(0L, await ExecuteAsync(address, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'"));

        var backend = (int)(await ExecuteAsync(address, "SELECT pg_backend_pid()"))!;
        var status = await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{Parent(backend)}/status"), Cancel);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal(["Uid:", "65534", "65534", "65534", "65534"], Line("Uid:"));
            Assert.Equal(["CapEff:", "0000000000000000"], Line("CapEff:"));
            Assert.Equal(["NoNewPrivs:", "1"], Line("NoNewPrivs:"));
            Assert.Equal(["Groups:"], Line("Groups:"));
        }

        string[] Line(string name) => status
            .Single(line => line.StartsWith(name, StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

        async Task<object?> ShowAsync(string setting) => await ExecuteAsync(address, $"SHOW {setting}");

        static string Parent(int id) =>
            File.ReadAllLines($"/proc/{id}/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal)).Split('\t')[1];
    }

    private static Task<TestApplication> StartAsync(params string[] args) =>
        TestApplication.StartAsync(builder => builder.AddPostgresProcess("server").AddDatabase("gallery"), args);

    private static async Task<string> AddressAsync(TestApplication app)
    {
        var database =
            app.App.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<PostgresProcessDatabaseResource>().Single();
        return (await database.ConnectionStringExpression.GetValueAsync(Cancel))!;
    }

    private static Task AnswersAsync(string address) => Until.TrueAsync("the server answers", TestApplication.Limit, async () =>
    {
        try
        {
            return (int)(await ExecuteAsync(address, "SELECT 1"))! == 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    });

    private static async Task<object?> ExecuteAsync(string address, string sql)
    {
        await using var source = NpgsqlDataSource.Create(address);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
