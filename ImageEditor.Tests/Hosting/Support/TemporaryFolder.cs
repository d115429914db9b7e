namespace ImageEditor.Tests.Hosting.Support;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hosting-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
