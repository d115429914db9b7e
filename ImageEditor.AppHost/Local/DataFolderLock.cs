namespace ImageEditor.AppHost.Local;

/// <summary>Keeps a data folder for this process. The system releases the file when the process ends, however it ends.</summary>
internal sealed class DataFolderLock(FileStream file) : IDisposable
{
    public void Dispose() => file.Dispose();
}
