using System.Security.Cryptography;
using ImageEditor.AuthManager.Database.Entities;
using Microsoft.AspNetCore.Identity;

namespace ImageEditor.AuthManager.Credentials;

/// <summary>The hash that a password is compared with when its address has no account, so that the response takes as long.</summary>
internal sealed class DecoyPasswordHash(IPasswordHasher<User> hasher)
{
    private readonly Lazy<string> _hash = new(
        () => hasher.HashPassword(new User(), Convert.ToHexString(RandomNumberGenerator.GetBytes(32))));

    public User User { get; } = new();

    public string PasswordHash => _hash.Value;
}
