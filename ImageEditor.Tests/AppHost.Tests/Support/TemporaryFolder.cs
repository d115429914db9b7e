namespace ImageEditor.AppHost.Tests.Support;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("image-editor-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
