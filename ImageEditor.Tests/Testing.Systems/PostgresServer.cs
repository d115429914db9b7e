using System.Diagnostics;
using System.Globalization;
using ImageEditor.AppHost.Local.Postgres;
using Npgsql;

namespace ImageEditor.Testing.Systems;

/// <summary>A real PostgreSQL server, run as the AppHost runs it; each test that wants one gets a database of its own.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string UserName = "postgres";
    private const string Password = "not-a-secret";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("postgres-").FullName;
    private readonly int _port = Ports.Free();
    private Process? _process;
    private FrozenProcesses? _frozen;
    private int _databases;

    private string Address => $"Host=127.0.0.1;Port={_port};Username={UserName};Password={Password};Database=postgres";

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
    public async Task FreezeAsync() => _frozen = FrozenProcesses.Freeze([await PostmasterAsync()]);

    /// <summary>Lets frozen processes go on.</summary>
    public void Thaw()
    {
        _frozen?.Dispose();
        _frozen = null;
    }

    /// <summary>Stops the server.</summary>
    public async Task StopAsync()
    {
        Signals.TerminateProcess(_process!.Id);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it on its data, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var command = await new PostgresCluster(_folder).PrepareAsync(
            PostgresPrograms.Find("embedded"), _port, UserName, Password, limit.Token);
        _process = Process.Start(
            new ProcessStartInfo(command.Program, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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

    /// <summary>The server's first process, which makes the others.</summary>
    private async Task<int> PostmasterAsync()
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Address) { Pooling = false });
        await using var command = source.CreateCommand("select (pg_read_file('postmaster.pid', 0, 20)::text)");
        return int.Parse(((string)(await command.ExecuteScalarAsync())!).Split('\n')[0], CultureInfo.InvariantCulture);
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
}
