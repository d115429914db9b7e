using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Postgres;

/// <summary>The data of one server (a "database cluster", in PostgreSQL's terms), in a folder of its own.</summary>
internal sealed class PostgresCluster(string folder, PostgresServer server)
{
    private const string Data = "data";
    private const string New = "new-";
    private const string PasswordFile = "password";
    private static readonly TimeSpan LeftOverLimit = TimeSpan.FromSeconds(15);

    /// <summary>The same for the same folder, and no other's: it is in the titles of the server's processes.</summary>
    private string Name => $"aspire-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..16]}";

    private string DataPath => Path.Combine(folder, Data);

    /// <summary>Makes the data if there is none, and describes the server's process.</summary>
    /// <exception cref="DistributedApplicationException">The data is of another major version, or a server already runs on it.</exception>
    public async Task<ProcessStartInfo> PrepareAsync(int port, string userName, string password, StartContext context, CancellationToken cancellationToken)
    {
        var user = UnprivilegedUser.IsNeeded ? await UnprivilegedUser.TakeOverAsync(folder, DataPath, context, cancellationToken) : null;
        RemoveUnfinished();
        if (!Directory.Exists(DataPath))
        {
            await CreateAsync(userName, password, user, context, cancellationToken);
        }

        CheckVersion();
        await new PostmasterLock(DataPath).ReleaseStaleAsync(LeftOverLimit, cancellationToken);
        await new LeftBackends(Name).KillAsync(LeftOverLimit, cancellationToken);
        return Describe("postgres", user, ["-D", Seen(user, Data), .. Settings(port)]);
    }

    private IEnumerable<string> Settings(int port)
    {
        string[] settings =
        [
            $"cluster_name={Name}",
            "listen_addresses=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port={port}"),
            "unix_socket_directories=",
            // Each replica of each service has a pool of its own.
            "max_connections=200",
            "shared_buffers=128MB",
            "timezone=UTC",
            "log_timezone=UTC",
        ];
        return settings.SelectMany(setting => new[] { "-c", setting });
    }

    /// <summary>Makes the data beside its place and moves it there when it is whole: an interrupted start leaves nothing that looks like data.</summary>
    private async Task CreateAsync(string userName, string password, string? user, StartContext context, CancellationToken cancellationToken)
    {
        var name = New + Path.GetRandomFileName();
        var passwordFile = Path.Combine(folder, PasswordFile);
        try
        {
            DataFolder.WritePrivate(passwordFile, password);
            if (user is not null)
            {
                await UnprivilegedUser.GiveAsync(passwordFile, user, context, cancellationToken);
            }

            await context.RunAsync(
                Describe("initdb", user,
                [
                    "-D", Seen(user, name), $"--username={userName}", $"--pwfile={Seen(user, PasswordFile)}",
                    "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                ]),
                cancellationToken);
            Directory.Move(Path.Combine(folder, name), DataPath);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private void RemoveUnfinished()
    {
        File.Delete(Path.Combine(folder, PasswordFile));
        foreach (var unfinished in Directory.EnumerateDirectories(folder, New + "*"))
        {
            try
            {
                Directory.Delete(unfinished, recursive: true);
            }
            catch (IOException)
            {
                // An initdb of an AppHost that was killed this moment may still write there, until the watchdog gets it. The next start removes it.
            }
        }
    }

    private void CheckVersion()
    {
        var file = Path.Combine(DataPath, "PG_VERSION");
        var written = File.Exists(file) ? File.ReadAllText(file).Trim() : throw new DistributedApplicationException(
            $"'{DataPath}' holds no data of PostgreSQL (it has no PG_VERSION). Remove it to start with empty databases.");
        if (written != server.Major.ToString(CultureInfo.InvariantCulture))
        {
            throw new DistributedApplicationException(
                $"The data in '{DataPath}' was written by PostgreSQL {written}, and this server is PostgreSQL {server.Version}, which cannot read it. "
                + $"Run a server of version {written} (Hosting:Postgres:Server), move the data over with pg_dumpall, or remove it to start with empty databases.");
        }
    }

    private string Seen(string? user, string name) => Path.Combine(user is null ? folder : UnprivilegedUser.FolderSeen, name);

    private ProcessStartInfo Describe(string program, string? user, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(server.PathOf(program), args) { WorkingDirectory = Path.GetPathRoot(folder)! };
        // Messages are English, whatever the machine speaks; what clients of PostgreSQL read here, a server must not.
        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("PGDATA");
        start.Environment.Remove("PGPORT");
        if (user is not null)
        {
            UnprivilegedUser.RunAs(user, start, folder);
        }

        return start;
    }
}
