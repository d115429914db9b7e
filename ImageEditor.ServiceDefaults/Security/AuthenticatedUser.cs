using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.AspNetCore.Http;

namespace ImageEditor.ServiceDefaults.Security;

/// <summary>Who the Gateway says has sent a request. Believed only behind <see cref="InternalKey.UseInternalKey"/>.</summary>
public static class AuthenticatedUser
{
    /// <summary>The user's id, or null when the request is anonymous.</summary>
    public static Guid? GetId(HttpRequest request) =>
        Guid.TryParseExact(request.Headers[ServiceHeaders.AuthenticatedUser].ToString(), "D", out var user) ? user : null;
}
