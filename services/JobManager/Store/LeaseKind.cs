namespace ImageEditor.JobManager.Store;

/// <summary>What is leased. The scripts know each kind by its name in lower case.</summary>
internal enum LeaseKind
{
    Job,
    Save,
}
