namespace ImageEditor.StorageManager.Saves;

/// <summary>How a save ended.</summary>
internal enum SaveOutcome
{
    /// <summary>The picture is in the gallery.</summary>
    Saved,

    /// <summary>It was there already.</summary>
    AlreadySaved,

    /// <summary>It was deleted, or all of its owner's pictures, or the account: it does not come back.</summary>
    Deleted,
}
