namespace ImageEditor.JobManager.Telemetry;

/// <summary>The store at a glance.</summary>
/// <param name="Queues">The queues that this replica has met.</param>
/// <param name="Running">How many jobs are leased.</param>
/// <param name="Bytes">Inputs and results, in bytes.</param>
internal sealed record StoreFigures(IReadOnlyList<QueueFigures> Queues, long Running, long Bytes);

/// <summary>A queue at a glance.</summary>
/// <param name="Converter">The converter's name.</param>
/// <param name="Length">How many jobs wait.</param>
/// <param name="Oldest">How long ago the oldest of them was created.</param>
internal sealed record QueueFigures(string Converter, long Length, TimeSpan Oldest);
