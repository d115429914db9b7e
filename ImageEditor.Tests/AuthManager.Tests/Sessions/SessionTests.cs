using System.Text;
using ImageEditor.AuthManager.Credentials;
using ImageEditor.AuthManager.Database.Entities;
using ImageEditor.AuthManager.Sessions;
using ImageEditor.AuthManager.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ImageEditor.AuthManager.Tests.Sessions;

/// <summary>Families of refresh tokens, on a real database, with the time in the test's hand.</summary>
[Collection(nameof(AccountsServer))]
public sealed class SessionTests(AccountsServer server) : IAsyncLifetime
{
    private AccountsHost _host = null!;
    private Guid _user;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await AccountsHost.StartAsync(await server.Postgres.CreateDatabaseAsync());
        Assert.NotNull(await _host.AccountsAsync(accounts => accounts.RegisterAsync(
            EmailAddress.Parse("ann@example.org")!, Password.Of("violet otter marble canoe"), Cancel)));
        _user = await _host.DatabaseAsync(database => database.Users.Select(user => user.Id).SingleAsync(Cancel));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task RefreshAsync_NewestToken_GivesTheNext()
    {
        var first = await OpenAsync();
        var second = await RefreshAsync(first.Refresh);
        Assert.NotNull(second);
        Assert.NotEqual(first.Refresh, second.Refresh);
        Assert.NotNull(await RefreshAsync(second.Refresh));
    }

    [Fact]
    public async Task RefreshAsync_OldTokenWithinTheGrace_AnswersASibling()
    {
        var first = await OpenAsync();
        var second = await RefreshAsync(first.Refresh);
        _host.Time.Advance(TimeSpan.FromSeconds(9.9));
        var sibling = await RefreshAsync(first.Refresh);
        Assert.NotNull(sibling);
        Assert.NotNull(await RefreshAsync(second!.Refresh));
        Assert.NotNull(await RefreshAsync(sibling.Refresh));
        Assert.Empty(await RevokedAsync());
    }

    [Fact]
    public async Task RefreshAsync_OldTokenAfterTheGrace_EndsTheFamily()
    {
        var first = await OpenAsync();
        var other = await OpenAsync();
        var second = await RefreshAsync(first.Refresh);
        _host.Time.Advance(TimeSpan.FromSeconds(10.1));
        Assert.Null(await RefreshAsync(first.Refresh));
        Assert.Null(await RefreshAsync(second!.Refresh));
        Assert.Single(await RevokedAsync());
        Assert.NotNull(await RefreshAsync(other.Refresh));
    }

    [Fact]
    public async Task RefreshAsync_OldTokenLongAfter_StillEndsTheFamily()
    {
        var first = await OpenAsync();
        var newest = first;
        for (var day = 0; day < 20; day++)
        {
            newest = (await RefreshAsync(newest.Refresh))!;
            _host.Time.Advance(TimeSpan.FromDays(1));
            await CleanUpAsync();
        }

        Assert.Null(await RefreshAsync(first.Refresh));
        Assert.Null(await RefreshAsync(newest.Refresh));
    }

    [Fact]
    public async Task RefreshAsync_SameTokenSideBySide_AllAreAnswered()
    {
        var first = await OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(first.Refresh)));
        Assert.All(answers, Assert.NotNull);
        Assert.Equal(8, answers.Select(answer => answer!.Refresh).Distinct().Count());
    }

    [Fact]
    public async Task RefreshAsync_UnusedTooLong_IsRefused()
    {
        var first = await OpenAsync();
        _host.Time.Advance(TimeSpan.FromDays(30.1));
        Assert.Null(await RefreshAsync(first.Refresh));
    }

    [Fact]
    public async Task RefreshAsync_SessionThatIsTooOld_IsRefusedHoweverBusy()
    {
        var newest = await OpenAsync();
        for (var day = 0; day < 180; day += 20)
        {
            newest = (await RefreshAsync(newest.Refresh))!;
            _host.Time.Advance(TimeSpan.FromDays(20));
        }

        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await RefreshAsync(newest.Refresh));
    }

    [Fact]
    public async Task EndByTokenAsync_AnyTokenOfTheFamily_EndsIt()
    {
        var first = await OpenAsync();
        var second = await RefreshAsync(first.Refresh);
        await EndAsync(first.Refresh);
        await EndAsync(first.Refresh);
        Assert.Null(await RefreshAsync(second!.Refresh));
        Assert.Single(await RevokedAsync());
    }

    [Fact]
    public async Task ListRevokedAsync_AfterTheLifetimeOfItsTokens_ForgetsTheSession()
    {
        await EndAsync((await OpenAsync()).Refresh);
        _host.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Single(await RevokedAsync());
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(await RevokedAsync());
        await CleanUpAsync();
        Assert.Equal(0, await _host.DatabaseAsync(database => database.Revocations.CountAsync(Cancel)));
    }

    [Fact]
    public async Task OpenAsync_RefreshToken_IsKeptHashedOnly()
    {
        var tokens = await OpenAsync();
        var hashes = await _host.DatabaseAsync(database => database.RefreshTokens.Select(token => token.Hash).ToListAsync(Cancel));
        Assert.DoesNotContain(hashes, hash => hash.AsSpan().IndexOf(Encoding.UTF8.GetBytes(tokens.Refresh)) >= 0);
        Assert.All(hashes, hash => Assert.Equal(32, hash.Length));
    }

    [Fact]
    public async Task ChangePasswordAsync_EndsEverySessionAndOpensOne()
    {
        var sessions = new[] { await OpenAsync(), await OpenAsync() };
        var user = await _host.AccountsAsync(accounts => accounts.FindAsync(_user, Cancel));
        var issued = await _host.AccountsAsync(
            accounts => accounts.ChangePasswordAsync(user!, Password.Of("seven yellow tractors hum"), Cancel));
        foreach (var session in sessions)
        {
            Assert.Null(await RefreshAsync(session.Refresh));
        }

        // These two, and the one that registering opened.
        Assert.Equal(3, (await RevokedAsync()).Count);
        Assert.NotNull(await RefreshAsync(issued!.Refresh));
    }

    [Fact]
    public async Task DeleteAsync_Repeated_LeavesOneRowInTheOutboxAndNoSession()
    {
        var session = await OpenAsync();
        for (var time = 0; time < 2; time++)
        {
            await _host.AccountsAsync(async accounts =>
            {
                await accounts.DeleteAsync(_user, Cancel);
                return true;
            });
        }

        Assert.Null(await RefreshAsync(session.Refresh));
        Assert.Equal(2, (await RevokedAsync()).Count);
        Assert.Equal(_user, await _host.DatabaseAsync(database => database.Deletions.Select(row => row.User).SingleAsync(Cancel)));
        Assert.Equal(0, await _host.DatabaseAsync(database => database.Users.CountAsync(Cancel)));
    }

    [Fact]
    public async Task OpenAsync_PasswordChangedSinceItWasChecked_OpensNothing()
    {
        var seen = await UserAsync();
        await _host.AccountsAsync(accounts => accounts.ChangePasswordAsync(seen, Password.Of("seven yellow tractors hum"), Cancel));
        Assert.Null(await _host.SessionsAsync(sessions => sessions.OpenAsync(seen, Cancel)));
    }

    [Fact]
    public async Task ChangePasswordAsync_TwiceWithTheSameOldPassword_CountsOnce()
    {
        var seen = await UserAsync();
        Assert.NotNull(
            await _host.AccountsAsync(accounts => accounts.ChangePasswordAsync(seen, Password.Of("seven yellow tractors hum"), Cancel)));
        Assert.Null(
            await _host.AccountsAsync(accounts => accounts.ChangePasswordAsync(seen, Password.Of("eight purple kettles sing"), Cancel)));
    }

    [Fact]
    public async Task SignInsSideBySideWithAChangeOfThePassword_NoneOfTheOldPasswordSurvives()
    {
        for (var round = 0; round < 5; round++)
        {
            var seen = await UserAsync();
            var signIns = Enumerable.Range(0, 8).Select(_ => _host.SessionsAsync(sessions => sessions.OpenAsync(seen, Cancel))).ToList();
            await _host.AccountsAsync(accounts => accounts.ChangePasswordAsync(seen, Password.Of("seven yellow tractors hum"), Cancel));
            await Task.WhenAll(signIns);
            foreach (var signIn in signIns)
            {
                if (await signIn is { } tokens)
                {
                    Assert.Null(await RefreshAsync(tokens.Refresh));
                }
            }
        }
    }

    [Fact]
    public async Task SignInsSideBySideWithTheDeletion_EverySessionIsRevoked()
    {
        var seen = await UserAsync();
        var signIns = Enumerable.Range(0, 12).Select(_ => _host.SessionsAsync(sessions => sessions.OpenAsync(seen, Cancel))).ToList();
        var deleted = _host.AccountsAsync(async accounts =>
        {
            await accounts.DeleteAsync(_user, Cancel);
            return true;
        });
        await deleted;
        var opened = (await Task.WhenAll(signIns)).Count(tokens => tokens is not null);
        Assert.Equal(opened + 1, (await RevokedAsync()).Count);
    }

    private async Task<User> UserAsync() => (await _host.AccountsAsync(accounts => accounts.FindAsync(_user, Cancel)))!;

    private async Task<IssuedTokens> OpenAsync()
    {
        var user = await UserAsync();
        return (await _host.SessionsAsync(sessions => sessions.OpenAsync(user, Cancel)))!;
    }

    private Task<IssuedTokens?> RefreshAsync(string token) => _host.SessionsAsync(sessions => sessions.RefreshAsync(token, Cancel));

    private Task<List<Guid>> RevokedAsync() => _host.SessionsAsync(sessions => sessions.ListRevokedAsync(Cancel));

    private Task<bool> EndAsync(string token) => _host.SessionsAsync(async sessions =>
    {
        await sessions.EndByTokenAsync(token, Cancel);
        return true;
    });

    private Task<bool> CleanUpAsync() => _host.SessionsAsync(async sessions =>
    {
        await sessions.CleanUpAsync(Cancel);
        return true;
    });
}
