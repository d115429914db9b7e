using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageEditor.AppHost.Local.Redis;

namespace ImageEditor.JobManager.Tests.Servers;

/// <summary>A real store on a free loopback port with temporary data. It can be killed and started again on the same data.</summary>
public sealed class StoreServer : IAsyncDisposable
{
    private const string Password = "not-a-secret";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly StoreKind _kind;
    private readonly int _megabytes;
    private Process? _process;

    private StoreServer(StoreKind kind, int megabytes)
    {
        _kind = kind;
        _megabytes = megabytes;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>How clients find it.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},password={Password}";

    /// <summary>Its data.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("job-store-").FullName;

    /// <summary>Starts a server.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="megabytes">Its memory.</param>
    public static async Task<StoreServer> StartAsync(StoreKind kind, int megabytes = 2048)
    {
        var server = new StoreServer(kind, megabytes);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process as a lost machine would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops the process in its tracks: connections stay open, and nothing answers.</summary>
    public void Freeze() => Signals.Freeze(_process!.Id);

    /// <summary>Lets a frozen process continue.</summary>
    public void Thaw() => Signals.Thaw(_process!.Id);

    /// <summary>Starts it again on its data, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        var server = RedisServer.Find(_kind == StoreKind.Redis ? "redis" : "garnet");
        var start = new ProcessStartInfo(server.Program, server.Configure(Folder, Port, Password, (long)_megabytes << 20))
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("The store did not start.");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Until.TrueAsync($"{_kind} answers", StartTime, AnswersAsync);
    }

    /// <summary>The bytes that its data takes on the disk.</summary>
    public long DiskBytes() =>
        new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
            _process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"{_kind} ended with {_process.ExitCode}.");
        }

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"*2\r\n$4\r\nAUTH\r\n${Password.Length}\r\n{Password}\r\n*1\r\n$4\r\nPING\r\n"));
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync() == "+OK" && await reader.ReadLineAsync() == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
