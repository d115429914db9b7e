using ImageEditor.ServiceDefaults.Security;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>The owner who sent a request, as the Gateway says.</summary>
internal sealed record SignedInOwner(Owner Owner)
{
    /// <summary>Reads the header; the framework calls this for parameters of this type.</summary>
    /// <remarks>
    /// It does not fail without the header: the framework would answer 400 before <see cref="RequireSignInFilter"/> answers 401.
    /// </remarks>
    public static ValueTask<SignedInOwner?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<SignedInOwner?>(new SignedInOwner(new Owner(AuthenticatedUser.GetId(context.Request) ?? Guid.Empty)));
}
