namespace Aspire.Hosting;

/// <summary>Where a project is.</summary>
public interface IProjectMetadata : ApplicationModel.IResourceAnnotation
{
    /// <summary>The full path of its project file.</summary>
    string ProjectPath { get; }
}
