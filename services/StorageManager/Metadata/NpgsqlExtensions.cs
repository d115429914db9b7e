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

    /// <summary>Reads every row.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
