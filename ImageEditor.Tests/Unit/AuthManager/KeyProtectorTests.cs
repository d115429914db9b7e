using System.Security.Cryptography;
using ImageEditor.AuthManager.Keys;
using Microsoft.Extensions.Options;

namespace ImageEditor.Tests.Unit.AuthManager;

public sealed class KeyProtectorTests
{
    private static readonly byte[] Plain = [1, 2, 3, 4, 5];

    private readonly KeyProtector _protector = With("a secret of an installation, long enough");

    [Fact]
    public void Open_WhatWasSealed_GivesItBack() => Assert.Equal(Plain, _protector.Open("key", _protector.Seal("key", Plain)));

    [Fact]
    public void Seal_Twice_DiffersAndHidesTheKey()
    {
        var seal = _protector.Seal("key", Plain);
        Assert.NotEqual(seal, _protector.Seal("key", Plain));
        Assert.Equal(-1, seal.AsSpan().IndexOf(Plain));
    }

    [Fact]
    public void Open_WithAnotherSecretOrForAnotherKey_Throws()
    {
        var seal = _protector.Seal("key", Plain);
        Assert.ThrowsAny<CryptographicException>(() => With("another secret of an installation, as long").Open("key", seal));
        Assert.ThrowsAny<CryptographicException>(() => _protector.Open("other", seal));
    }

    [Fact]
    public void Open_AlteredAnywhere_Throws()
    {
        var seal = _protector.Seal("key", Plain);
        for (var index = 0; index < seal.Length; index++)
        {
            var altered = (byte[])seal.Clone();
            altered[index] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => _protector.Open("key", altered));
        }

        Assert.ThrowsAny<CryptographicException>(() => _protector.Open("key", seal.AsSpan(0, 8)));
    }

    private static KeyProtector With(string secret) => new(Options.Create(new KeysOptions { Protection = secret }));
}
