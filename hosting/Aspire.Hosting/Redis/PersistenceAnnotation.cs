namespace Aspire.Hosting.ApplicationModel;

/// <summary>How often a store writes snapshots, besides its append-only file.</summary>
internal sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChangedThreshold) : IResourceAnnotation;
