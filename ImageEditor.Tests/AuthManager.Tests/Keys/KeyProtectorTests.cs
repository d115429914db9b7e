using System.Security.Cryptography;
using ImageEditor.AuthManager.Keys;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Tests.Keys;

public sealed class KeyProtectorTests
{
    private static readonly byte[] Plain = [1, 2, 3, 4, 5];

    private readonly KeyProtector _protector = With("a secret of an installation, long enough");

    [Fact]
    public void Decrypt_WhatWasEncrypted_GivesItBack() => Assert.Equal(Plain, _protector.Decrypt("key", _protector.Encrypt("key", Plain)));

    [Fact]
    public void Encrypt_Twice_DiffersAndHidesTheKey()
    {
        var encrypted = _protector.Encrypt("key", Plain);
        Assert.NotEqual(encrypted, _protector.Encrypt("key", Plain));
        Assert.Equal(-1, encrypted.AsSpan().IndexOf(Plain));
    }

    [Fact]
    public void Decrypt_WithAnotherSecretOrForAnotherKey_Throws()
    {
        var encrypted = _protector.Encrypt("key", Plain);
        Assert.ThrowsAny<CryptographicException>(() => With("another secret of an installation, as long").Decrypt("key", encrypted));
        Assert.ThrowsAny<CryptographicException>(() => _protector.Decrypt("other", encrypted));
    }

    [Fact]
    public void Decrypt_AlteredAnywhere_Throws()
    {
        var encrypted = _protector.Encrypt("key", Plain);
        for (var index = 0; index < encrypted.Length; index++)
        {
            var altered = (byte[])encrypted.Clone();
            altered[index] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => _protector.Decrypt("key", altered));
        }

        Assert.ThrowsAny<CryptographicException>(() => _protector.Decrypt("key", encrypted.AsSpan(0, 8)));
    }

    private static KeyProtector With(string secret) => new(Options.Create(new KeysOptions { EncryptionSecret = secret }));
}
