namespace ImageEditor.Testing.Systems;

/// <summary>One process of the running system.</summary>
/// <param name="Resource">The resource's name in the model, such as <c>job-manager</c>.</param>
/// <param name="Id">The replica's own id.</param>
/// <param name="ProcessId">Its process.</param>
public sealed record Replica(string Resource, string Id, int ProcessId);
