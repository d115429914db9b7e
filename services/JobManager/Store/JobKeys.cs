using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>What the names of a job's keys are made of.</summary>
internal readonly record struct JobKeys(string Converter, string Input, string Result, string Preview)
{
    /// <summary>The fields of a job that hold it.</summary>
    public static IReadOnlyList<RedisValue> Fields { get; } = ["converter", "input", "result", "preview"];

    /// <summary>What a job's <see cref="Fields"/> say.</summary>
    public static JobKeys From(StoreFields job) => new(job.Text("converter"), job.Text("input"), job.Text("result"), job.Text("preview"));
}
