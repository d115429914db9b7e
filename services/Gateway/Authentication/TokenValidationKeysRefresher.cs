using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.Gateway.Authentication;

/// <summary>Fetches keys and revocations from AuthManager every few seconds. While that fails, the last ones stay in use.</summary>
internal sealed partial class TokenValidationKeysRefresher(
    IHttpClientFactory clients,
    TokenValidationKeys keys,
    IOptions<AuthenticationOptions> options,
    TimeProvider time,
    ILogger<TokenValidationKeysRefresher> logger) : BackgroundService
{
    public const string AuthManager = "auth-manager";

    // A replica that hangs must not delay the effect of signing out: the refresher gives up soon and asks again.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(await TryRefreshAsync(stoppingToken) ? options.Value.RefreshInterval : RetryDelay, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The Gateway stops.
        }
    }

    private async Task<bool> TryRefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var fetched = new JsonWebKeySet(await GetAsync("/api/auth/keys", cancellationToken)).GetSigningKeys();
            var revoked = JsonSerializer.Deserialize<Revocations>(
                await GetAsync("/revocations", cancellationToken), JsonSerializerOptions.Web);
            if (fetched.Count == 0 || revoked?.Sessions is null)
            {
                throw new JsonException("The response has no keys or no sessions.");
            }

            keys.Replace(fetched, revoked.Sessions);
            if (_isFailing)
            {
                _isFailing = false;
                Log.RefreshRecovered(logger);
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // No error may stop the Gateway: what was fetched last stays in use.
            if (!_isFailing)
            {
                _isFailing = true;
                Log.RefreshFailed(logger, exception);
            }

            return false;
        }
    }

    private async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await GetOnceAsync(path, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It retries at once: the abandoned connection led to the replica that hangs, and the next one may lead to another.
            return await GetOnceAsync(path, cancellationToken);
        }
    }

    private async Task<string> GetOnceAsync(string path, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        using var client = clients.CreateClient(AuthManager);
        return await client.GetStringAsync(new Uri(path, UriKind.Relative), deadline.Token);
    }

    private sealed record Revocations(IReadOnlyList<Guid> Sessions);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "Keys and revocations cannot be fetched; the last ones stay in use", EventName = "ValidationKeysStale")]
        public static partial void RefreshFailed(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Information, "Keys and revocations are fetched again", EventName = "ValidationKeysFresh")]
        public static partial void RefreshRecovered(ILogger logger);
    }
}
