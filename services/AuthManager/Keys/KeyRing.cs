using System.Security.Cryptography;
using ImageEditor.AuthManager.Database;
using ImageEditor.AuthManager.Database.Entities;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.AuthManager.Keys;

/// <summary>The signing keys, as last read from the database. They stay in use while the database cannot be reached.</summary>
internal sealed partial class KeyRing(KeyProtector protector, IOptions<KeysOptions> options, TimeProvider time, ILogger<KeyRing> logger)
{
    // Any number that nothing else in this database uses.
    private const long RotationLock = 0x6b65_7973;

    private volatile IReadOnlyList<LoadedKey> _keys = [];

    /// <summary>Whether keys were read at least once.</summary>
    public bool IsLoaded => _keys.Count > 0;

    /// <summary>The key to sign with now.</summary>
    /// <exception cref="ProblemException">No key was read yet.</exception>
    public SecurityKey Current => _keys.LastOrDefault(key => key.ActiveFrom <= time.GetUtcNow())?.Key ?? throw NotLoaded();

    /// <summary>Every key that a token may be signed with now or soon, without private parts.</summary>
    /// <exception cref="ProblemException">No key was read yet.</exception>
    public IReadOnlyList<PublishedKey> Published =>
        _keys is { Count: > 0 } keys ? [.. keys.Select(key => key.Published)] : throw NotLoaded();

    /// <summary>Reads the keys, creates the next one when it is due, and deletes expired ones.</summary>
    public async Task RotateAndReloadAsync(AccountsContext database, CancellationToken cancellationToken)
    {
        var rows = await database.InTransactionAsync(
            async () =>
            {
                // One replica at a time: the others find the key that it has created.
                await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({RotationLock})", cancellationToken);
                var keys = await database.SigningKeys.AsNoTracking().OrderBy(key => key.ActiveFrom).ToListAsync(cancellationToken);
                var now = time.GetUtcNow();
                if (CreateNextIfDue(keys, now) is { } next)
                {
                    database.SigningKeys.Add(next);
                    await database.SaveChangesAsync(cancellationToken);
                    keys.Add(next);
                    Log.Created(logger, next.Id, next.ActiveFrom);
                }

                var expired = keys.Zip(keys.Skip(1))
                    .Where(pair => pair.Second.ActiveFrom + options.Value.PublicationLead < now)
                    .Select(pair => pair.First.Id)
                    .ToList();
                if (expired.Count > 0)
                {
                    await database.SigningKeys.Where(key => expired.Contains(key.Id)).ExecuteDeleteAsync(cancellationToken);
                    keys.RemoveAll(key => expired.Contains(key.Id));
                }

                return keys;
            },
            cancellationToken);
        if (!rows.Select(row => row.Id).SequenceEqual(_keys.Select(key => key.Published.KeyId)))
        {
            _keys = [.. rows.Select(Load)];
        }
    }

    private ProblemException NotLoaded() => AccountsUnavailable.Refuse(logger, "The signing keys have not been read yet.");

    private SigningKey? CreateNextIfDue(List<SigningKey> keys, DateTimeOffset now)
    {
        if (keys is not [.., var newest])
        {
            return Create(now);
        }

        var successorActiveFrom = newest.ActiveFrom + options.Value.RotationInterval;
        var earliestActiveFrom = now + options.Value.PublicationLead;
        return successorActiveFrom <= earliestActiveFrom ? Create(earliestActiveFrom) : null;
    }

    private SigningKey Create(DateTimeOffset activeFrom)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return new SigningKey
        {
            Id = id,
            ActiveFrom = activeFrom,
            PublicKey = pair.ExportSubjectPublicKeyInfo(),
            PrivateKey = protector.Encrypt(id, pair.ExportPkcs8PrivateKey()),
        };
    }

    private LoadedKey Load(SigningKey row)
    {
        var pair = ECDsa.Create();
        try
        {
            pair.ImportPkcs8PrivateKey(protector.Decrypt(row.Id, row.PrivateKey), out _);
        }
        catch (CryptographicException exception)
        {
            throw new InvalidOperationException(
                $"Signing key {row.Id} cannot be decrypted with the secret in 'Keys:EncryptionSecret'. Restore the secret that it was "
                + "encrypted with, or delete the rows of the table SigningKeys: everyone must then sign in again.",
                exception);
        }

        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        var published = new PublishedKey(row.Id, Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
        return new LoadedKey(row.ActiveFrom, new ECDsaSecurityKey(pair) { KeyId = row.Id }, published);
    }

    private sealed record LoadedKey(DateTimeOffset ActiveFrom, SecurityKey Key, PublishedKey Published);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Signing key {Key} was created; it signs from {ActiveFrom} on", EventName = "SigningKeyMade")]
        public static partial void Created(ILogger logger, string key, DateTimeOffset activeFrom);
    }
}
