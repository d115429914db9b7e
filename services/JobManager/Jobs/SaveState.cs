namespace ImageEditor.JobManager.Jobs;

/// <summary>The states of a job's save, as the store spells them; a job that has not ended well has none.</summary>
internal static class SaveState
{
    public const string Waiting = "waiting";
    public const string Running = "running";
    public const string Saved = "saved";

    /// <summary>The gallery will never accept it.</summary>
    public const string Refused = "refused";

    /// <summary>The gallery did not accept it within <see cref="JobsOptions.MaxSaveTime"/>.</summary>
    public const string Abandoned = "abandoned";
}
