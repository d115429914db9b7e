namespace ImageEditor.JobManager.Saves;

/// <summary>What an attempt at saving came to (docs/api/internal.md).</summary>
internal static class SaveOutcome
{
    /// <summary>It is in the gallery.</summary>
    public const string Saved = "saved";

    /// <summary>The gallery will never accept it: the save ends.</summary>
    public const string Refused = "refused";

    /// <summary>To be tried again after a delay, which grows from attempt to attempt.</summary>
    public const string Retry = "again";

    /// <summary>To be tried again at once: the process that tried stops.</summary>
    public const string Released = "released";

    public static bool IsKnown(string? outcome) => outcome is Saved or Refused or Retry or Released;
}
