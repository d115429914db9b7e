using System.Diagnostics;
using System.Globalization;
using ImageEditor.AppHost.Local.Postgres;
using Npgsql;

namespace ImageEditor.StorageManager.Tests.Servers;

/// <summary>A real PostgreSQL server for all tests, run as the AppHost runs it; each test that wants one gets a database of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string UserName = "postgres";
    private const string Password = "not-a-secret";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("postgres-").FullName;
    private readonly int _port = Ports.Free();
    private Process? _process;
    private int _postmaster;
    private string[] _frozen = [];
    private int _databases;

    private string Address => $"Host=127.0.0.1;Port={_port};Username={UserName};Password={Password};Database=postgres";

    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(Address);
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Address) { Database = name }.ConnectionString;
    }

    /// <summary>Stops the server's processes in their tracks: connections stay open, and nothing answers.</summary>
    public async Task FreezeAsync()
    {
        await using (var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Address) { Pooling = false }))
        await using (var command = source.CreateCommand("select (pg_read_file('postmaster.pid', 0, 20)::text)"))
        {
            _postmaster = int.Parse(((string)(await command.ExecuteScalarAsync())!).Split('\n')[0], CultureInfo.InvariantCulture);
        }

        // The postmaster first, so that it makes no further ones.
        await SignalAsync("STOP", $"{_postmaster}");
        _frozen = [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).OfType<string>().Where(IsChild)];
        await SignalAsync("STOP", _frozen);
    }

    /// <summary>Lets frozen processes go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT", [.. _frozen, $"{_postmaster}"]);

    /// <summary>Stops the server.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it on its data, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var command = await new PostgresCluster(_folder).PrepareAsync(PostgresPrograms.Find("embedded"), _port, UserName, Password, limit.Token);
        _process = Process.Start(new ProcessStartInfo(command.Program, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Until.TrueAsync("the server answers", Limit, AnswersAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(Address + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException) when (!_process!.HasExited)
        {
            return false;
        }
    }

    private bool IsChild(string process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").Any(line => line == $"PPid:\t{_postmaster}");
        }
        catch (IOException)
        {
            // No process, or one that has ended.
            return false;
        }
    }

    private static async Task SignalAsync(string signal, params string[] processes)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. processes]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
