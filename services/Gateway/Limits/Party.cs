using System.Security.Cryptography;
using System.Text;
using ImageEditor.ServiceDefaults.Security;

namespace ImageEditor.Gateway.Limits;

/// <summary>Who shares queues and room with others: a signed-in user, or else the network that requests come from.</summary>
/// <param name="secret">Without it nobody tells from a party which network it is.</param>
internal sealed class Party(string secret)
{
    private const int HashBytes = 12;

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes("party:" + secret));

    /// <summary>Letters and digits, the same for the same party at every Gateway.</summary>
    public string Of(HttpContext context) => AuthenticatedUser.GetId(context.Request) is { } user
        ? user.ToString("N")
        : Convert.ToHexStringLower(
            HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(RequestLimits.Address(context))).AsSpan(0, HashBytes));
}
