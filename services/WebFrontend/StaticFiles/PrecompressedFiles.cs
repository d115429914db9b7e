using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.WebFrontend.StaticFiles;

/// <summary>Serves the files that the build compressed: <c>app.js.br</c> or <c>app.js.gz</c> instead of <c>app.js</c>.</summary>
internal static class PrecompressedFiles
{
    /// <summary>Best first.</summary>
    private static readonly (string Encoding, string Extension)[] Encodings = [("br", ".br"), ("gzip", ".gz")];

    public static IContentTypeProvider ContentTypes { get; } = new WithoutCompression();

    public static void UsePrecompressedFiles(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        app.Use((context, next) =>
        {
            if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            {
                Choose(context.Request, files);
            }

            return next(context);
        });
    }

    /// <summary>Sets the headers of a file: how it is compressed, and that this depends on the request.</summary>
    public static void SetHeaders(HttpContext context)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        foreach (var (encoding, extension) in Encodings)
        {
            if (context.Request.Path.Value!.EndsWith(extension, StringComparison.Ordinal))
            {
                context.Response.Headers.ContentEncoding = encoding;
            }
        }
    }

    private static void Choose(HttpRequest request, IFileProvider files)
    {
        foreach (var (encoding, extension) in Encodings)
        {
            var compressed = request.Path.Value + extension;
            if (Accepts(request.Headers.AcceptEncoding, encoding) && files.GetFileInfo(compressed).Exists)
            {
                request.Path = compressed;
                return;
            }
        }
    }

    private static bool Accepts(StringValues header, string encoding) =>
        StringWithQualityHeaderValue.TryParseList(header, out var accepted)
        && accepted.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is null or > 0);

    /// <summary>A compressed file has the type of the uncompressed one.</summary>
    private sealed class WithoutCompression : IContentTypeProvider
    {
        private readonly FileExtensionContentTypeProvider _types = new();

        public bool TryGetContentType(string subpath, out string contentType)
        {
            var plain = Encodings.Select(known => known.Extension).FirstOrDefault(
                extension => subpath.EndsWith(extension, StringComparison.Ordinal)) is { } compression
                ? subpath[..^compression.Length]
                : subpath;
            return _types.TryGetContentType(plain, out contentType!);
        }
    }
}
