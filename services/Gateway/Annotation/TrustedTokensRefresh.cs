using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.Gateway.Annotation;

/// <summary>Fetches keys and revocations from AuthManager every few seconds; while that fails, the last ones serve on.</summary>
internal sealed partial class TrustedTokensRefresh(
    IHttpClientFactory clients, TrustedTokens tokens, IOptions<AccessOptions> options, TimeProvider time, ILogger<TrustedTokensRefresh> logger) : BackgroundService
{
    public const string AuthManager = "auth-manager";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan UntilLoaded = TimeSpan.FromSeconds(1);

    private bool _fails;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await TryAsync(stoppingToken);
                await Task.Delay(tokens.Current is null ? UntilLoaded : options.Value.RefreshInterval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The Gateway stops.
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            using var client = clients.CreateClient(AuthManager);
            var keys = new JsonWebKeySet(await client.GetStringAsync(new Uri("/api/auth/keys", UriKind.Relative), deadline.Token));
            var revoked = await client.GetFromJsonAsync<Revocations>(new Uri("/revocations", UriKind.Relative), deadline.Token);
            tokens.Replace(keys.GetSigningKeys(), revoked?.Sessions ?? throw new JsonException("An answer without 'sessions'."));
            if (_fails)
            {
                _fails = false;
                Log.Again(logger);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or ArgumentException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            if (!_fails)
            {
                _fails = true;
                Log.Fails(logger, exception.Message);
            }
        }
    }

    private sealed record Revocations(IReadOnlyList<Guid> Sessions);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Keys and revocations cannot be fetched; the last ones serve on: {Reason}", EventName = "TrustedTokensStale")]
        public static partial void Fails(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "Keys and revocations are fetched again", EventName = "TrustedTokensFresh")]
        public static partial void Again(ILogger logger);
    }
}
