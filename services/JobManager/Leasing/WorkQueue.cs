using StackExchange.Redis;

namespace ImageEditor.JobManager.Leasing;

/// <summary>A queue that a claim looks into.</summary>
/// <param name="Converter">Whose queue it is: those of one converter have its turns together. Empty for saves.</param>
/// <param name="Key">The queue.</param>
/// <param name="Turns">Whose turn it is in it, if parties take turns.</param>
internal readonly record struct WorkQueue(string Converter, RedisKey Key, RedisKey Turns);
