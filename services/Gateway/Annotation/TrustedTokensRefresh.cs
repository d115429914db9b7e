using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.Gateway.Annotation;

/// <summary>Fetches keys and revocations from AuthManager every few seconds; while that fails, the last ones serve on.</summary>
internal sealed partial class TrustedTokensRefresh(
    IHttpClientFactory clients, TrustedTokens tokens, IOptions<AccessOptions> options, TimeProvider time, ILogger<TrustedTokensRefresh> logger) : BackgroundService
{
    public const string AuthManager = "auth-manager";

    // A replica that hangs must not keep a sign-out from taking effect: give up on it soon, and ask again.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);

    private bool _fails;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(await TryAsync(stoppingToken) ? options.Value.RefreshInterval : AfterFailure, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The Gateway stops.
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var keys = new JsonWebKeySet(await GetAsync("/api/auth/keys", cancellationToken)).GetSigningKeys();
            var revoked = JsonSerializer.Deserialize<Revocations>(await GetAsync("/revocations", cancellationToken), JsonSerializerOptions.Web);
            if (keys.Count == 0 || revoked?.Sessions is null)
            {
                throw new JsonException("An answer without keys or without sessions.");
            }

            tokens.Replace(keys, revoked.Sessions);
            if (_fails)
            {
                _fails = false;
                Log.Again(logger);
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, what was fetched last serves on: nothing here may stop the Gateway.
            if (!_fails)
            {
                _fails = true;
                Log.Fails(logger, exception);
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
            // At once: the connection that was given up belonged to the replica that hangs, the next one may meet another.
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
        [LoggerMessage(LogLevel.Warning, "Keys and revocations cannot be fetched; the last ones serve on", EventName = "TrustedTokensStale")]
        public static partial void Fails(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Information, "Keys and revocations are fetched again", EventName = "TrustedTokensFresh")]
        public static partial void Again(ILogger logger);
    }
}
