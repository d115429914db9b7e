using System.Security.Cryptography;
using ImageEditor.AuthManager.Tests.Support;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.AuthManager.Tests.Keys;

/// <summary>Signing keys, shared by replicas through a real database.</summary>
[Collection(nameof(AccountsServer))]
public sealed class KeyRingTests(AccountsServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MigrateAndReload_ReplicasStartTogether_ShareOneKey()
    {
        var database = await server.Postgres.CreateDatabaseAsync();
        var time = Clock();
        AccountsHost[] replicas =
        [
            AccountsHost.Create(database, time), AccountsHost.Create(database, time), AccountsHost.Create(database, time),
        ];
        await Task.WhenAll(replicas.Select(replica => replica.MigrateAsync()));
        await Task.WhenAll(replicas.Select(replica => replica.ReloadKeysAsync()));
        Assert.Single(replicas.Select(replica => Assert.Single(replica.Keys.Published).KeyId).Distinct());
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task Reload_OverTime_PublishesAKeyBeforeItSignsAndWhileItsTokensLive()
    {
        await using var host = await AccountsHost.StartAsync(await server.Postgres.CreateDatabaseAsync());
        var first = host.Keys.Current.KeyId;
        host.Time.Advance(TimeSpan.FromDays(29));
        await host.ReloadKeysAsync();
        Assert.Equal([first], Published(host));

        // An hour before the first has served its thirty days, everyone can know the second; it does not sign yet.
        host.Time.Advance(TimeSpan.FromHours(23) + TimeSpan.FromMinutes(1));
        await host.ReloadKeysAsync();
        var second = Assert.Single(Published(host), id => id != first);
        Assert.Equal(first, host.Keys.Current.KeyId);

        host.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(second, host.Keys.Current.KeyId);
        await host.ReloadKeysAsync();
        Assert.Equal([first, second], Published(host));

        host.Time.Advance(TimeSpan.FromHours(1.1));
        await host.ReloadKeysAsync();
        Assert.Equal([second], Published(host));
    }

    [Fact]
    public async Task Reload_PrivateKey_IsStoredEncrypted()
    {
        await using var host = await AccountsHost.StartAsync(await server.Postgres.CreateDatabaseAsync());
        var row = await host.DatabaseAsync(database => database.SigningKeys.SingleAsync(Cancel));
        using var pair = ECDsa.Create();
        Assert.ThrowsAny<CryptographicException>(() => pair.ImportPkcs8PrivateKey(row.PrivateKey, out _));
        pair.ImportSubjectPublicKeyInfo(row.PublicKey, out _);
    }

    [Fact]
    public async Task Reload_OtherSecret_SaysWhatToDo()
    {
        var database = await server.Postgres.CreateDatabaseAsync();
        await using (await AccountsHost.StartAsync(database))
        {
            await using var stranger = AccountsHost.Create(database, encryptionSecret: "the secret of some other installation");
            var thrown = await Assert.ThrowsAsync<InvalidOperationException>(stranger.ReloadKeysAsync);
            Assert.Contains("Keys:EncryptionSecret", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Current_NothingReadYet_SaysSo()
    {
        await using var host = AccountsHost.Create(await server.Postgres.CreateDatabaseAsync());
        Assert.Equal(ProblemTypes.Unavailable.Uri, Assert.Throws<ProblemException>(() => host.Keys.Current).Problem.Value.Type);
        Assert.Equal(ProblemTypes.Unavailable.Uri, Assert.Throws<ProblemException>(() => host.Keys.Published).Problem.Value.Type);
    }

    private static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    private static string[] Published(AccountsHost host) => [.. host.Keys.Published.Select(key => key.KeyId)];
}
