using ImageEditor.Testing.Systems;
using Npgsql;

namespace ImageEditor.StorageManager.Tests.Support;

/// <summary>Replicas of the storage manager on one database and one image storage.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly (string Name, string Value)[] _settings;

    private Installation(string address, TestStorage storage, (string Name, string Value)[] settings)
    {
        Address = address;
        Storage = storage;

        // Without a pool: tests that stop the server would leave broken connections in it to those that come after them.
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(address) { Pooling = false });
        _settings = settings;
    }

    /// <summary>The database's connection string.</summary>
    public string Address { get; }

    /// <summary>The database, to look and to turn its clock.</summary>
    public NpgsqlDataSource Database { get; }

    public TestStorage Storage { get; }

    public List<StorageManagerProcess> Replicas { get; } = [];

    public StorageManagerProcess First => Replicas[0];

    public StorageManagerProcess Second => Replicas[1];

    /// <summary>Starts replicas on a new database.</summary>
    public static async Task<Installation> StartAsync(
        PostgresServer postgres,
        S3Server s3,
        StorageKind kind = StorageKind.FileSystem,
        int replicas = 1,
        params (string Name, string Value)[] settings)
    {
        var installation = new Installation(await postgres.CreateDatabaseAsync(), TestStorage.Of(kind, s3), settings);
        try
        {
            // Together: the first start of all is the one that makes the tables.
            installation.Replicas.AddRange(await Task.WhenAll(Enumerable.Range(0, replicas).Select(_ => installation.StartReplicaAsync())));
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one replica more; not among <see cref="Replicas"/>.</summary>
    public Task<StorageManagerProcess> StartReplicaAsync(params (string Name, string Value)[] settings) =>
        StorageManagerProcess.StartAsync(Address, [.. Storage.Settings, .. _settings, .. settings]);

    /// <summary>Runs a statement on the database.</summary>
    public async Task<int> ExecuteAsync(string statement, params object[] parameters)
    {
        await using var command = Command(statement, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks the database for one value.</summary>
    public async Task<T> AskAsync<T>(string query, params object[] parameters)
    {
        await using var command = Command(query, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<long> PicturesAsync(Guid owner) => AskAsync<long>("select count(*) from pictures where owner = $1", owner);

    public Task<long> UploadsAsync(Guid owner) => AskAsync<long>("select count(*) from uploads where owner = $1", owner);

    /// <summary>Turns the clock of what an owner has deleted.</summary>
    public Task<int> AgeDeletedAsync(Guid owner, TimeSpan age) =>
        ExecuteAsync("update pictures set deleted_at = deleted_at - $2 where owner = $1 and deleted_at is not null", owner, age);

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in Replicas)
        {
            await replica.DisposeAsync();
        }

        await Database.DisposeAsync();
        Storage.Dispose();
    }

    private NpgsqlCommand Command(string statement, object[] parameters)
    {
        var command = Database.CreateCommand(statement);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
