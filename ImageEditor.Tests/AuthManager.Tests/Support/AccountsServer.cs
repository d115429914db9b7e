using ImageEditor.Testing.Systems;

namespace ImageEditor.AuthManager.Tests.Support;

/// <summary>A real PostgreSQL server, shared by the tests that want one; each has a database of its own.</summary>
public sealed class AccountsServer : IAsyncLifetime
{
    public PostgresServer Postgres { get; } = new();

    public async ValueTask InitializeAsync() => await Postgres.StartAsync();

    public ValueTask DisposeAsync() => Postgres.DisposeAsync();
}

/// <summary>The tests that share one server: one at a time, since some freeze it.</summary>
[CollectionDefinition(nameof(AccountsServer))]
public sealed class SharedAccountsServer : ICollectionFixture<AccountsServer>;
