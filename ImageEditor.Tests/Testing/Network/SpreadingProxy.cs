using System.Net;
using System.Net.Sockets;

namespace ImageEditor.Testing.Network;

/// <summary>One address for several servers: connections go to them in turn.</summary>
/// <remarks>
/// A server that is frozen here takes connections and says nothing, as one does that got SIGSTOP. The connections of one that is killed
/// end, and new ones go to the others.
/// </remarks>
public sealed class SpreadingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri[] _servers;
    private readonly TaskCompletionSource[] _gates;
    private readonly CancellationTokenSource[] _killed;
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    /// <param name="servers">The servers' addresses.</param>
    public SpreadingProxy(params IEnumerable<string> servers)
    {
        _servers = [.. servers.Select(server => new Uri(server))];
        _gates = [.. _servers.Select(_ => Open())];
        _killed = [.. _servers.Select(_ => new CancellationTokenSource())];
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Connections that were taken.</summary>
    public Tally Accepted { get; } = new();

    /// <summary>Connections that have ended.</summary>
    public Tally Ended { get; } = new();

    public void Freeze(int server) =>
        Volatile.Write(ref _gates[server], new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Thaw(int server) => Volatile.Read(ref _gates[server]).TrySetResult();

    public Task KillAsync(int server) => _killed[server].CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
        Array.ForEach(_killed, killed => killed.Dispose());
    }

    private static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gate.SetResult();
        return gate;
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var turn = 0; ; turn++)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                Accepted.Add();
                while (_killed[turn % _servers.Length].IsCancellationRequested)
                {
                    turn++;
                }

                _connections.Add(ServeAsync(client, turn % _servers.Length));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client, int server)
    {
        using (client)
        using (var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _killed[server].Token);
            try
            {
                await upstream.ConnectAsync(_servers[server].Host, _servers[server].Port, end.Token);
                await Task.WhenAny(PumpAsync(client, upstream, server, end.Token), PumpAsync(upstream, client, server, end.Token));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Its end is what counts.
            }

            await end.CancelAsync();
        }

        Ended.Add();
    }

    private async Task PumpAsync(Socket from, Socket to, int server, CancellationToken end)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (true)
            {
                await Volatile.Read(ref _gates[server]).Task.WaitAsync(end);
                var count = await from.ReceiveAsync(buffer, end);
                await Volatile.Read(ref _gates[server]).Task.WaitAsync(end);
                if (count == 0)
                {
                    return;
                }

                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), end);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side hung up.
        }
    }
}
