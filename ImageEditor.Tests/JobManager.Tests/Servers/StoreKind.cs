namespace ImageEditor.JobManager.Tests.Servers;

/// <summary>The servers that the store runs on.</summary>
public enum StoreKind
{
    Redis,
    Garnet,
}
