using System.Security.Cryptography;
using ImageEditor.AuthManager.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.AuthManager.Keys;

/// <summary>The keys in use, as last read from the database: they serve while it is away.</summary>
internal sealed partial class KeyRing(KeyProtector protector, IOptions<KeysOptions> options, TimeProvider time, ILogger<KeyRing> logger)
{
    // Any number will do, as long as nothing else of this database uses it.
    private const long RotationLock = 0x6b65_7973;

    private volatile IReadOnlyList<LoadedKey> _keys = [];

    /// <summary>Whether keys were read at least once.</summary>
    public bool IsLoaded => _keys.Count > 0;

    /// <summary>The key to sign with now.</summary>
    /// <exception cref="SigningKeysUnavailableException">None was read yet.</exception>
    public SecurityKey Current =>
        (_keys.LastOrDefault(key => key.SignsFrom <= time.GetUtcNow()) ?? throw new SigningKeysUnavailableException()).Key;

    /// <summary>Every key that a token may be signed with now or soon, without private parts.</summary>
    /// <exception cref="SigningKeysUnavailableException">None was read yet.</exception>
    public IReadOnlyList<PublishedKey> Published => _keys is { Count: > 0 } keys ? [.. keys.Select(key => key.Published)] : throw new SigningKeysUnavailableException();

    /// <summary>Reads the keys, makes the next one when it is time, and removes those that have served.</summary>
    public async Task ReloadAsync(AccountsContext database, CancellationToken cancellationToken)
    {
        var rows = await database.InTransactionAsync(
            async () =>
            {
                // One replica at a time: the others find what it has made.
                await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({RotationLock})", cancellationToken);
                var kept = await database.SigningKeys.AsNoTracking().OrderBy(key => key.SignsFrom).ToListAsync(cancellationToken);
                var now = time.GetUtcNow();
                if (Next(kept, now) is { } next)
                {
                    database.SigningKeys.Add(next);
                    await database.SaveChangesAsync(cancellationToken);
                    kept.Add(next);
                    Log.Made(logger, next.Id, next.SignsFrom);
                }

                var served = kept.Zip(kept.Skip(1)).Where(pair => pair.Second.SignsFrom + options.Value.Overlap < now).Select(pair => pair.First.Id).ToList();
                if (served.Count > 0)
                {
                    await database.SigningKeys.Where(key => served.Contains(key.Id)).ExecuteDeleteAsync(cancellationToken);
                    kept.RemoveAll(key => served.Contains(key.Id));
                }

                return kept;
            },
            cancellationToken);
        if (!rows.Select(row => row.Id).SequenceEqual(_keys.Select(key => key.Published.KeyId)))
        {
            _keys = [.. rows.Select(Load)];
        }
    }

    private SigningKey? Next(List<SigningKey> kept, DateTimeOffset now)
    {
        if (kept is not [.., var newest])
        {
            return Create(now);
        }

        var successorSigns = newest.SignsFrom + options.Value.Rotation;
        var known = now + options.Value.Overlap;
        return successorSigns <= known ? Create(known) : null;
    }

    private SigningKey Create(DateTimeOffset signsFrom)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return new SigningKey
        {
            Id = id,
            SignsFrom = signsFrom,
            PublicKey = pair.ExportSubjectPublicKeyInfo(),
            PrivateKey = protector.Seal(id, pair.ExportPkcs8PrivateKey()),
        };
    }

    private LoadedKey Load(SigningKey row)
    {
        var pair = ECDsa.Create();
        try
        {
            pair.ImportPkcs8PrivateKey(protector.Open(row.Id, row.PrivateKey), out _);
        }
        catch (CryptographicException exception)
        {
            throw new InvalidOperationException(
                $"Signing key {row.Id} cannot be opened with the secret in '{KeysOptions.Section}:{nameof(KeysOptions.Protection)}'. Give the secret that it was sealed with back, or delete the rows of the table SigningKeys: everyone must then sign in again.",
                exception);
        }

        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        var published = new PublishedKey(row.Id, Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
        return new LoadedKey(row.SignsFrom, new ECDsaSecurityKey(pair) { KeyId = row.Id }, published);
    }

    private sealed record LoadedKey(DateTimeOffset SignsFrom, SecurityKey Key, PublishedKey Published);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Signing key {Key} was made; it signs from {SignsFrom} on", EventName = "SigningKeyMade")]
        public static partial void Made(ILogger logger, string key, DateTimeOffset signsFrom);
    }
}
