using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// Keeps ports for the children while the AppHost lives, so that a child that died finds its port free. The sockets here are bound and do not
/// listen: Linux lets a child listen there all the same (both set SO_REUSEADDR, as .NET does by itself), and nobody else is given the port.
/// </summary>
internal sealed class PortReservations : IDisposable
{
    private const int Attempts = 20;
    private readonly List<Socket> _held = [];

    /// <summary>A free port of 127.0.0.1, and where it is wanted of ::1 too, since servers take <c>localhost</c> for both.</summary>
    public int ReserveFree(bool bothFamilies)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var socket = TryHold(IPAddress.Loopback, 0)!;
            var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            if (!bothFamilies || !Socket.OSSupportsIPv6 || TryHold(IPAddress.IPv6Loopback, port) is not null)
            {
                return port;
            }
        }

        throw new DistributedApplicationException("There is no port that is free on both 127.0.0.1 and ::1.");
    }

    /// <summary>Takes a port that is wanted by number.</summary>
    /// <returns>False when another process listens there.</returns>
    public bool TryReserve(int port) =>
        TryHoldName(port) && TryHold(IPAddress.Loopback, port) is not null && (!Socket.OSSupportsIPv6 || TryHold(IPAddress.IPv6Loopback, port) is not null);

    public void Dispose() => _held.ForEach(socket => socket.Dispose());

    /// <summary>
    /// Tells two AppHosts apart whose children do not listen yet, which the ports themselves do not show: by a name that Linux gives to one
    /// socket at a time, and takes back when its process dies.
    /// </summary>
    private bool TryHoldName(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _held.Add(socket);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(string.Create(CultureInfo.InvariantCulture, $"\0aspire-hosting-port-{port}")));
            return true;
        }
        catch (SocketException inUse) when (inUse.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    private Socket? TryHold(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            _held.Add(socket);
            return socket;
        }
        catch (SocketException inUse) when (inUse.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket.Dispose();
            return null;
        }
        catch (SocketException noFamily) when (address.AddressFamily == AddressFamily.InterNetworkV6 && noFamily.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // IPv6 is compiled in and turned off: nobody can listen there.
            return socket;
        }
    }
}
