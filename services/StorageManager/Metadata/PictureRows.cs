using System.Text.Json;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Pictures;
using Npgsql;

namespace ImageEditor.StorageManager.Metadata;

/// <summary>Reads rows, in the order of the columns in <see cref="Sql"/>.</summary>
internal static class PictureRows
{
    private const int OriginalColumn = 5;
    private const int ConvertedColumn = 10;
    private const int ThumbnailColumn = 15;
    private const int OwnerColumn = 20;
    private const int NameColumn = 21;
    private const int RecipeColumn = 22;
    private const int DisplayColumn = 23;

    public static Picture ReadPicture(NpgsqlDataReader row) => new(
        new ImageLocation(new Owner(row.GetGuid(OwnerColumn)), ParseJobId(row.GetString(1)), row.GetGuid(0)),
        row.GetDateTime(2),
        row.IsDBNull(NameColumn) ? null : row.GetString(NameColumn),
        row.IsDBNull(RecipeColumn) ? [ReadSingleStep(row)] : Recipe.Read(row.GetString(RecipeColumn)),
        ReadImage(row, OriginalColumn),
        ReadImage(row, ConvertedColumn),
        ReadOptionalImage(row, ThumbnailColumn),
        ReadOptionalImage(row, DisplayColumn));

    /// <summary>Reads id, owner, job and state of an upload.</summary>
    public static DueUpload ReadDueUpload(NpgsqlDataReader row) => new(
        new ImageLocation(new Owner(row.GetGuid(1)), ParseJobId(row.GetString(2)), row.GetGuid(0)),
        IsDiscarded: row.GetString(3) == "discarded");

    public static JobId ReadJobId(NpgsqlDataReader row) => ParseJobId(row.GetString(0));

    /// <summary>The step of a picture that no recipe is told of.</summary>
    private static RecipeStep ReadSingleStep(NpgsqlDataReader row) =>
        new(row.GetString(3), JsonSerializer.Deserialize<JsonElement>(row.GetString(4)));

    private static StoredImage? ReadOptionalImage(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : ReadImage(row, column);

    private static StoredImage ReadImage(NpgsqlDataReader row, int column) => new(
        row.GetString(column),
        row.GetInt64(column + 1),
        row.GetFieldValue<byte[]>(column + 2),
        row.GetInt32(column + 3),
        row.GetInt32(column + 4));

    private static JobId ParseJobId(string text) =>
        JobId.TryParse(text, out var job) ? job : throw new InvalidDataException("The database holds an id that is not a job's.");
}
