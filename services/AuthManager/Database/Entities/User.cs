using Microsoft.AspNetCore.Identity;

namespace ImageEditor.AuthManager.Database.Entities;

/// <summary>An account. Its id is never used again.</summary>
internal sealed class User : IdentityUser<Guid>
{
    public DateTimeOffset CreatedAt { get; set; }
}
