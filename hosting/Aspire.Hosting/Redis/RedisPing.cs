using System.Net.Sockets;
using System.Text;

namespace Aspire.Hosting.Redis;

/// <summary>Asks a store whether it answers.</summary>
internal static class RedisPing
{
    /// <summary>Returns null when the store answered PONG, and its answer otherwise (it is loading, the password is wrong, ...).</summary>
    public static async Task<string?> CheckAsync(string host, int port, string password, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Command("AUTH", password) + Command("PING")), cancellationToken);
        using var reader = new StreamReader(stream);
        var auth = await reader.ReadLineAsync(cancellationToken);
        var ping = await reader.ReadLineAsync(cancellationToken);
        return auth != "+OK" ? auth ?? "no answer" : ping != "+PONG" ? ping ?? "no answer" : null;
    }

    private static string Command(params string[] words) =>
        $"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"));
}
