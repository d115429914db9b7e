using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Keys;

/// <summary>Seals private keys for the database: AES-256-GCM under a key derived (HKDF-SHA256) from the configured secret.</summary>
internal sealed class KeyProtector(IOptions<KeysOptions> options)
{
    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Value.Protection), 32, info: "image-editor signing keys"u8.ToArray());

    /// <summary>Seals a private key.</summary>
    /// <param name="id">The key's id, to which the seal is bound.</param>
    /// <param name="plain">The private key.</param>
    public byte[] Seal(string id, ReadOnlySpan<byte> plain)
    {
        var nonceSize = AesGcm.NonceByteSizes.MaxSize;
        var tagSize = AesGcm.TagByteSizes.MaxSize;
        var seal = new byte[nonceSize + tagSize + plain.Length];
        RandomNumberGenerator.Fill(seal.AsSpan(0, nonceSize));
        using var aes = new AesGcm(_key, tagSize);
        aes.Encrypt(seal.AsSpan(0, nonceSize), plain, seal.AsSpan(nonceSize + tagSize), seal.AsSpan(nonceSize, tagSize), Encoding.UTF8.GetBytes(id));
        return seal;
    }

    /// <summary>Opens a sealed private key.</summary>
    /// <exception cref="CryptographicException">It was sealed with another secret, for another key, or altered.</exception>
    public byte[] Open(string id, ReadOnlySpan<byte> seal)
    {
        var nonceSize = AesGcm.NonceByteSizes.MaxSize;
        var tagSize = AesGcm.TagByteSizes.MaxSize;
        if (seal.Length <= nonceSize + tagSize)
        {
            throw new CryptographicException("The sealed key is too short.");
        }

        var plain = new byte[seal.Length - nonceSize - tagSize];
        using var aes = new AesGcm(_key, tagSize);
        aes.Decrypt(seal[..nonceSize], seal[(nonceSize + tagSize)..], seal.Slice(nonceSize, tagSize), plain, Encoding.UTF8.GetBytes(id));
        return plain;
    }
}
