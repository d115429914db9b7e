namespace ImageEditor.JobManager.Sweeping;

/// <summary>The store at a glance.</summary>
/// <param name="Queues">The queues that this replica has met.</param>
/// <param name="Running">How many jobs are leased.</param>
/// <param name="Bytes">Inputs and results of jobs that clients see, in bytes.</param>
/// <param name="Saves">What waits to be saved.</param>
internal sealed record StoreStatistics(IReadOnlyList<QueueStatistics> Queues, long Running, long Bytes, SaveStatistics Saves);

/// <summary>Saves at a glance.</summary>
/// <param name="Waiting">How many wait and could be claimed now.</param>
/// <param name="Oldest">How long ago the job of the oldest of them ended.</param>
/// <param name="Bytes">What saves hold of the store, and running jobs reserve for theirs.</param>
internal sealed record SaveStatistics(long Waiting, TimeSpan Oldest, long Bytes);

/// <summary>A queue at a glance.</summary>
/// <param name="Converter">The converter's name.</param>
/// <param name="Length">How many jobs wait.</param>
/// <param name="Oldest">How long the one that is next has waited.</param>
/// <param name="SetAside">How many jobs have a pause, after which the converter is tried again: it may be that of a later step.</param>
internal sealed record QueueStatistics(string Converter, long Length, TimeSpan Oldest, long SetAside = 0);
