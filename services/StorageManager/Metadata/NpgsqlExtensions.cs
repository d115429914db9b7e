using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace ImageEditor.StorageManager.Metadata;

internal static class NpgsqlExtensions
{
    /// <summary>
    /// Creates a command of a constant statement from <see cref="Sql"/>; values are its parameters <c>$1</c>, <c>$2</c>, …
    /// </summary>
    [SuppressMessage("Security", "CA2100", Justification = "Every statement is a constant in Sql.cs.")]
    public static NpgsqlCommand CreateCommand(this NpgsqlConnection connection, string statement, params object[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = statement;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = connection.CreateCommand(statement, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs a query.</summary>
    /// <returns>What was read from each row.</returns>
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection,
        string query,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params object[] parameters)
    {
        await using var command = connection.CreateCommand(query, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
