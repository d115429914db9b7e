using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Keys;

/// <summary>Encrypts private keys for the database: AES-256-GCM with a key derived (HKDF-SHA256) from the configured secret.</summary>
internal sealed class KeyProtector(IOptions<KeysOptions> options)
{
    private const int KeyBytes = 32;

    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        Encoding.UTF8.GetBytes(options.Value.EncryptionSecret),
        KeyBytes,
        info: "image-editor signing keys"u8.ToArray());

    /// <summary>Encrypts a private key.</summary>
    /// <param name="id">The key's id, which is authenticated with it.</param>
    /// <param name="plain">The private key.</param>
    public byte[] Encrypt(string id, ReadOnlySpan<byte> plain)
    {
        var nonceSize = AesGcm.NonceByteSizes.MaxSize;
        var tagSize = AesGcm.TagByteSizes.MaxSize;
        var encrypted = new byte[nonceSize + tagSize + plain.Length];
        RandomNumberGenerator.Fill(encrypted.AsSpan(0, nonceSize));
        using var aes = new AesGcm(_key, tagSize);
        aes.Encrypt(
            encrypted.AsSpan(0, nonceSize),
            plain,
            encrypted.AsSpan(nonceSize + tagSize),
            encrypted.AsSpan(nonceSize, tagSize),
            Encoding.UTF8.GetBytes(id));
        return encrypted;
    }

    /// <summary>Decrypts a private key.</summary>
    /// <exception cref="CryptographicException">It was encrypted with another secret or for another key, or it was altered.</exception>
    public byte[] Decrypt(string id, ReadOnlySpan<byte> encrypted)
    {
        var nonceSize = AesGcm.NonceByteSizes.MaxSize;
        var tagSize = AesGcm.TagByteSizes.MaxSize;
        if (encrypted.Length <= nonceSize + tagSize)
        {
            throw new CryptographicException("The encrypted key is too short.");
        }

        var plain = new byte[encrypted.Length - nonceSize - tagSize];
        using var aes = new AesGcm(_key, tagSize);
        aes.Decrypt(
            encrypted[..nonceSize],
            encrypted[(nonceSize + tagSize)..],
            encrypted.Slice(nonceSize, tagSize),
            plain,
            Encoding.UTF8.GetBytes(id));
        return plain;
    }
}
