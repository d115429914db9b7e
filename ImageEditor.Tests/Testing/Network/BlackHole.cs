using System.Net;
using System.Net.Sockets;

namespace ImageEditor.Testing.Network;

/// <summary>An address on this machine that neither takes nor refuses connections: a listening socket whose queue is full.</summary>
public sealed class BlackHole : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(300);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [];

    public string Address => $"http://{_listener.LocalEndPoint}";

    public static async Task<BlackHole> OpenAsync()
    {
        var hole = new BlackHole();
        hole._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        hole._listener.Listen(0);
        try
        {
            while (true)
            {
                using var late = new CancellationTokenSource(Long);
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                hole._queued.Add(socket);
                await socket.ConnectAsync(hole._listener.LocalEndPoint!, late.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // That one was swallowed.
            return hole;
        }
    }

    public void Dispose()
    {
        _queued.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }
}
