namespace Aspire.Hosting.Postgres;

/// <summary>Which PostgreSQL server runs on this machine.</summary>
public enum PostgresServerKind
{
    /// <summary>The one that the build installed (hosting/PostgresServer).</summary>
    Embedded,

    /// <summary>One of the machine's own: on PATH, or where distributions put it.</summary>
    System,
}
