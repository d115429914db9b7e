using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageEditor.AppHost.Local.Postgres;

/// <summary>The data of one server (a "database cluster", in PostgreSQL's terms), in a folder of its own.</summary>
internal sealed class PostgresCluster(string folder)
{
    private const string New = "new-";

    // The server's user may not enter the folders above the data (they are their owner's alone), so the open folder is handed over.
    private const string HandedOver = "/proc/self/fd/9";

    // SIGTERM is passed on as SIGINT, PostgreSQL's fast shutdown: on SIGTERM it would wait until its last client has gone.
    private const string RunScript = """
        exec 9<"$1"; shift
        "$@" & server=$!
        trap 'kill -INT $server' TERM INT
        while wait $server; code=$?; kill -0 $server 2>&-; do :; done
        exit $code
        """;

    private static readonly TimeSpan LeftOverLimit = TimeSpan.FromSeconds(15);

    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>The same for the same folder, and no other's: it is in the titles of the server's processes.</summary>
    private string Name => $"image-editor-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_folder)))[..16]}";

    private string DataPath => Path.Combine(_folder, "data");

    private string PasswordFile => Path.Combine(_folder, "password");

    /// <summary>Makes the data if there is none, and clears away what a crash has left.</summary>
    /// <returns>The server's command.</returns>
    /// <exception cref="DistributedApplicationException">The data is of another major version, or a server already runs on it.</exception>
    public async Task<Command> PrepareAsync(
        PostgresPrograms programs, int port, string userName, string password, CancellationToken cancellationToken)
    {
        string? user = null;
        if (UnprivilegedUser.IsNeeded)
        {
            programs = await programs.ReadableByAllAsync(cancellationToken);
            user = await UnprivilegedUser.TakeOverAsync(_folder, DataPath, cancellationToken);
        }

        RemoveUnfinished();
        if (!Directory.Exists(DataPath))
        {
            await CreateAsync(programs, userName, password, user, cancellationToken);
        }

        await CheckVersionAsync(programs, cancellationToken);
        await LeftOvers.ClearAsync(DataPath, Name, LeftOverLimit, cancellationToken);
        return Launch(user, [programs.PathOf("postgres"), "-D", Seen(user, "data"), .. Settings(port)]);
    }

    /// <summary>Kills the backends of a server that is dead itself.</summary>
    public void KillOrphans() => LeftOvers.KillOrphans(DataPath, Name);

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

    /// <summary>
    /// Makes the data beside its place and moves it there when it is whole: an interrupted start leaves nothing that looks like data.
    /// </summary>
    private async Task CreateAsync(
        PostgresPrograms programs, string userName, string password, string? user, CancellationToken cancellationToken)
    {
        var name = New + Path.GetRandomFileName();
        try
        {
            DataFolder.WritePrivate(PasswordFile, password);
            if (user is not null)
            {
                await UnprivilegedUser.GiveAsync(PasswordFile, user, cancellationToken);
            }

            await Launch(user,
            [
                programs.PathOf("initdb"), "-D", Seen(user, name),
                $"--username={userName}", $"--pwfile={Seen(user, Path.GetFileName(PasswordFile))}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
            ]).RunAsync(cancellationToken);
            Directory.Move(Path.Combine(_folder, name), DataPath);
        }
        finally
        {
            File.Delete(PasswordFile);
        }
    }

    private void RemoveUnfinished()
    {
        File.Delete(PasswordFile);
        foreach (var unfinished in Directory.EnumerateDirectories(_folder, New + "*"))
        {
            try
            {
                Directory.Delete(unfinished, recursive: true);
            }
            catch (IOException)
            {
                // An initdb of an AppHost that was killed this moment may still write there. The next start removes it.
            }
        }
    }

    private async Task CheckVersionAsync(PostgresPrograms programs, CancellationToken cancellationToken)
    {
        var file = Path.Combine(DataPath, "PG_VERSION");
        var written = File.Exists(file)
            ? (await File.ReadAllTextAsync(file, cancellationToken)).Trim()
            : throw new DistributedApplicationException(
                $"'{DataPath}' holds no data of PostgreSQL (it has no PG_VERSION). Remove it to start with empty databases.");
        var version = await programs.ReadVersionAsync(cancellationToken);
        if (written != version.Split('.')[0])
        {
            throw new DistributedApplicationException(
                $"The data in '{DataPath}' was written by PostgreSQL {written}, and this server is PostgreSQL {version}, "
                + $"which cannot read it. Run a server of version {written} (--Local:Postgres:Server=system), "
                + "move the data over with pg_dumpall, or remove it to start with empty databases.");
        }
    }

    private string Seen(string? user, string name) => Path.Combine(user is null ? _folder : HandedOver, name);

    private Command Launch(string? user, IReadOnlyList<string> command)
    {
        if (SearchPath.Find("setpriv") is { } setPriv)
        {
            // The program dies with the shell, however that dies.
            string[] options = ["--pdeathsig", "KILL", .. user is null ? [] : UnprivilegedUser.Options(user)];
            return new Command("sh", ["-c", RunScript, "sh", _folder, setPriv, .. options, .. command]);
        }

        return user is null
            ? new Command(command[0], [.. command.Skip(1)])
            : throw new DistributedApplicationException(
                "PostgreSQL does not run as root, and this machine has no 'setpriv' (Linux, util-linux) to run it as another user: "
                + "start the AppHost as an ordinary user.");
    }
}
