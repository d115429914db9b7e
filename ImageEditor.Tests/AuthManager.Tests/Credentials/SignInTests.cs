using System.Text;
using ImageEditor.AuthManager.Credentials;
using ImageEditor.AuthManager.Database.Entities;
using ImageEditor.AuthManager.Sessions;
using ImageEditor.AuthManager.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ImageEditor.AuthManager.Tests.Credentials;

/// <summary>Checking passwords, on a real database.</summary>
[Collection(nameof(AccountsServer))]
public sealed class SignInTests(AccountsServer server) : IAsyncLifetime
{
    private const string Address = "ann@example.org";
    private const string Secret = "violet otter marble canoe";

    private AccountsHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await AccountsHost.StartAsync(await server.Postgres.CreateDatabaseAsync());
        Assert.NotNull(await RegisterAsync());
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task VerifyAsync_UnknownAddressOrWrongPasswordOrLocked_HashesOnceEach()
    {
        Assert.Equal(1, await HashesAsync("nobody@example.org", Secret));
        Assert.Equal(1, await HashesAsync(Address, "wrong"));
        Assert.Equal(1, await HashesAsync(Address, Secret));
        await FailAsync(10);
        Assert.Equal(1, await HashesAsync(Address, Secret));
    }

    /// <summary>What is typed unnormalised is compared with hashes of either form: for every account and for none.</summary>
    [Fact]
    public async Task VerifyAsync_UnnormalizedPassword_HashesTwiceWhateverTheAccount()
    {
        const string Typed = Secret + " cafe\u0301";
        Assert.NotNull(await RegisterAsync("zoe@example.org", Typed));
        Assert.Equal(2, await HashesAsync("nobody@example.org", Typed));
        Assert.Equal(2, await HashesAsync(Address, Typed));
        Assert.Equal(2, await HashesAsync("zoe@example.org", Typed));
        Assert.Equal(1, await HashesAsync("zoe@example.org", Typed.Normalize(NormalizationForm.FormC)));
        await FailAsync(10);
        Assert.Equal(2, await HashesAsync(Address, Typed));
    }

    [Fact]
    public async Task VerifyAsync_TenFailures_LocksForTenMinutes()
    {
        await FailAsync(9);
        Assert.NotNull(await VerifyAsync(Secret));
        await FailAsync(10);
        Assert.Null(await VerifyAsync(Secret));
        _host.Time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Null(await VerifyAsync(Secret));
        _host.Time.Advance(TimeSpan.FromMinutes(0.2));
        Assert.NotNull(await VerifyAsync(Secret));
    }

    [Fact]
    public async Task VerifyAsync_FailuresSideBySide_AllCount()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => FailAsync(1)));
        Assert.Null(await VerifyAsync(Secret));
    }

    [Fact]
    public async Task VerifyAsync_RightGuessAmongManySideBySide_IsRefusedOnceTheAccountIsLocked()
    {
        for (var round = 0; round < 3; round++)
        {
            // Whichever comes last, the right one is not answered once ten wrong ones have counted.
            var guesses = Enumerable.Range(0, 30).Select(index => VerifyAsync(index == 29 ? Secret : "wrong"));
            await Task.WhenAll(guesses);
            Assert.Null(await VerifyAsync(Secret));
            _host.Time.Advance(TimeSpan.FromMinutes(11));
            Assert.NotNull(await VerifyAsync(Secret));
        }
    }

    [Fact]
    public async Task VerifyAsync_OtherSpellingOfTheAddress_IsTheSameAccount() =>
        Assert.NotNull(await VerifyAsync(Secret, "ANN@Example.ORG"));

    [Fact]
    public async Task RegisterAsync_SameAddressSideBySide_MakesOneAccount()
    {
        var made = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(index => RegisterAsync(index % 2 == 0 ? "bob@example.org" : "BOB@example.org")));
        Assert.Single(made, user => user is not null);
    }

    [Fact]
    public async Task RegisterAsync_Password_IsKeptHashedOnly()
    {
        var user = await _host.DatabaseAsync(database => database.Users.AsNoTracking().SingleAsync(Cancel));
        Assert.DoesNotContain(Secret, user.PasswordHash, StringComparison.Ordinal);
        Assert.True(Convert.FromBase64String(user.PasswordHash!).Length > 48);
    }

    private async Task<int> HashesAsync(string address, string password)
    {
        var before = _host.Hasher.Verified;
        await VerifyAsync(password, address);
        return _host.Hasher.Verified - before;
    }

    private async Task FailAsync(int times)
    {
        for (var time = 0; time < times; time++)
        {
            Assert.Null(await VerifyAsync("wrong"));
        }
    }

    private Task<IssuedTokens?> RegisterAsync(string address = Address, string password = Secret) =>
        _host.AccountsAsync(accounts => accounts.RegisterAsync(EmailAddress.Parse(address)!, Password.Of(password), Cancel));

    private Task<User?> VerifyAsync(string password, string address = Address) =>
        _host.PasswordsAsync(passwords => passwords.VerifyAsync(EmailAddress.Parse(address), Password.Of(password), Cancel));
}
