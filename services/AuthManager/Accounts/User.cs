using Microsoft.AspNetCore.Identity;

namespace ImageEditor.AuthManager.Accounts;

/// <summary>An account. Its id is never used again.</summary>
internal sealed class User : IdentityUser<Guid>
{
    public DateTimeOffset CreatedAt { get; set; }
}
