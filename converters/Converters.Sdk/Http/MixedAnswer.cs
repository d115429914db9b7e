using System.Text;
using System.Text.Json;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;

namespace ImageEditor.Converters.Http;

/// <summary>A <c>multipart/mixed</c> answer (RFC 2046): messages as they come, and last the image or a problem.</summary>
internal sealed class MixedAnswer(HttpResponse response)
{
    private readonly string _boundary = Guid.NewGuid().ToString("N");

    /// <summary>Whether the answer has begun, and so can only end in the same form.</summary>
    public bool HasStarted { get; private set; }

    public async Task WriteAsync(Message message, CancellationToken cancellationToken)
    {
        await WritePartAsync([KeyValuePair.Create("Content-Type", message.MediaType)], message.Body, cancellationToken);

        // The delimiter at once, not before the next part: only by it does the reader know that this one is whole.
        await response.WriteAsync($"\r\n--{_boundary}\r\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    public async Task EndAsync(Result result, CancellationToken cancellationToken)
    {
        await WritePartAsync(result.Headers(), result.Bytes, cancellationToken);
        await EndAsync(cancellationToken);
    }

    public async Task EndAsync(Problem problem, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(problem.Value, JsonSerializerOptions.Web);
        await WritePartAsync([KeyValuePair.Create("Content-Type", Problem.MediaType)], body, cancellationToken);
        await EndAsync(cancellationToken);
    }

    private async Task WritePartAsync(IEnumerable<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
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
