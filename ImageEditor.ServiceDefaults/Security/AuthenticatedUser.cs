using Microsoft.AspNetCore.Http;

namespace ImageEditor.ServiceDefaults.Security;

/// <summary>Who the Gateway says has sent a request. Believed only behind <see cref="InternalKey.UseInternalKey"/>.</summary>
public static class AuthenticatedUser
{
    /// <summary>The request header that carries the user's id.</summary>
    public const string Header = "X-Authenticated-User";

    /// <summary>The user's id, or null for a request of nobody's.</summary>
    public static Guid? Of(HttpRequest request) =>
        Guid.TryParseExact(request.Headers[Header].ToString(), "D", out var user) ? user : null;
}
