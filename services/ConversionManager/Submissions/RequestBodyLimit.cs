using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Lets the server read as much as a submission can have; what an image may have is checked with its own message.</summary>
internal sealed class RequestBodyLimit(IOptions<SubmissionOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>An image, a few more for parameters that are images, and the form around them.</summary>
    private const int ImagesPerRequest = 4;

    public void Configure(KestrelServerOptions kestrel) =>
        kestrel.Limits.MaxRequestBodySize = (long)options.Value.MaxImageBytes * ImagesPerRequest;
}
