namespace ImageEditor.StorageManager.Recipes;

/// <summary>What became of a recipe that was to be saved.</summary>
internal enum RecipeSaveOutcome
{
    Saved,

    /// <summary>Its owner has as many as may be, and none of this name.</summary>
    TooMany,

    /// <summary>Its owner's account was deleted.</summary>
    AccountGone,
}
