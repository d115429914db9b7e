using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Pictures;
using Npgsql;

namespace ImageEditor.StorageManager.Metadata;

/// <summary>Reads rows, in the order of the columns in <see cref="Sql"/>.</summary>
internal static class Rows
{
    private const int Original = 5;
    private const int Converted = 10;
    private const int Thumbnail = 15;
    private const int Owner = 20;

    public static Picture Picture(NpgsqlDataReader row) => new(
        new PicturePlace(new Owner(row.GetGuid(Owner)), JobOf(row.GetString(1)), row.GetGuid(0)),
        row.GetDateTime(2),
        row.GetString(3),
        row.GetString(4),
        Image(row, Original),
        Image(row, Converted),
        row.IsDBNull(Thumbnail) ? null : Image(row, Thumbnail));

    /// <summary>An upload's place and state: id, owner, job, state.</summary>
    public static (PicturePlace Place, bool IsLast) Upload(NpgsqlDataReader row) =>
        (new PicturePlace(new Owner(row.GetGuid(1)), JobOf(row.GetString(2)), row.GetGuid(0)), row.GetString(3) == "discarded");

    public static JobId Job(NpgsqlDataReader row) => JobOf(row.GetString(0));

    private static StoredImage Image(NpgsqlDataReader row, int column) => new(
        row.GetString(column), row.GetInt64(column + 1), row.GetFieldValue<byte[]>(column + 2), row.GetInt32(column + 3), row.GetInt32(column + 4));

    private static JobId JobOf(string text) =>
        JobId.TryParse(text, out var job) ? job : throw new InvalidDataException("The database holds an id that is no job's.");
}
