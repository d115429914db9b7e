namespace Aspire.Hosting.ApplicationModel;

/// <summary>A volume for the data of a container. On this machine data always lives in the data folder.</summary>
internal sealed record DataVolumeAnnotation(string? Name, bool IsReadOnly) : IResourceAnnotation;
