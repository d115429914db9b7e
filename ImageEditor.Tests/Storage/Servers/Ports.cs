using System.Net;
using System.Net.Sockets;

namespace ImageEditor.Tests.Storage.Servers;

internal static class Ports
{
    /// <summary>A port on 127.0.0.1 that nobody listens on.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
