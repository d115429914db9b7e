using System.Text;
using System.Text.Json;
using ImageEditor.Converters.Pipeline;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;

namespace ImageEditor.Converters.Http;

/// <summary>Writes a <c>multipart/mixed</c> response (RFC 2046): progress parts as they come, and last the image or a problem.</summary>
internal sealed class MultipartMixedWriter(HttpResponse response)
{
    private readonly string _boundary = Guid.NewGuid().ToString("N");

    /// <summary>Whether the response has started. Then it can only end in the same form.</summary>
    public bool HasStarted { get; private set; }

    public async Task WriteAsync(ProgressPart part, CancellationToken cancellationToken)
    {
        await WritePartAsync([KeyValuePair.Create("Content-Type", part.MediaType)], part.Body, cancellationToken);

        // The delimiter follows at once, not before the next part: it tells the reader that this part is complete.
        await response.WriteAsync($"\r\n--{_boundary}\r\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    public async Task EndAsync(ConversionResult result, CancellationToken cancellationToken)
    {
        await WritePartAsync(ResultHeaders.Create(result), result.Bytes, cancellationToken);
        await EndAsync(cancellationToken);
    }

    public async Task EndAsync(Problem problem, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(problem.Value, JsonSerializerOptions.Web);
        await WritePartAsync([KeyValuePair.Create("Content-Type", Problem.MediaType)], body, cancellationToken);
        await EndAsync(cancellationToken);
    }

    private async Task WritePartAsync(
        IEnumerable<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        if (!HasStarted)
        {
            HasStarted = true;
            response.ContentType = $"multipart/mixed; boundary={_boundary}";
            head.Append("--").Append(_boundary).Append("\r\n");
        }

        foreach (var (name, value) in headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        await response.WriteAsync(head.Append("\r\n").ToString(), cancellationToken);
        await response.Body.WriteAsync(body, cancellationToken);
    }

    private Task EndAsync(CancellationToken cancellationToken) => response.WriteAsync($"\r\n--{_boundary}--\r\n", cancellationToken);
}
