using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>How the bytes of headers become text, and bytes again: every byte is one character.</summary>
/// <remarks>
/// A header may have any bytes (RFC 9110, section 5.5), and most are none of ours: a cookie of another program on localhost, a user agent, a
/// trace's state. By default Kestrel reads UTF-8 and refuses other bytes, and what it has read an HTTP client of .NET does not send on.
/// </remarks>
internal static class HeaderEncoding
{
    /// <summary>Latin-1 has a character for each byte. HTTP clients read responses so anyway.</summary>
    public static Encoding EveryByte => Encoding.Latin1;

    public static void AddHeaderEncoding(this IServiceCollection services) => services.Configure<KestrelServerOptions>(kestrel =>
    {
        kestrel.RequestHeaderEncodingSelector = static _ => EveryByte;
        kestrel.ResponseHeaderEncodingSelector = static _ => EveryByte;
    });
}
