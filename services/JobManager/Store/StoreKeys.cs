using ImageEditor.ServiceDefaults.Contracts;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>The store's keys (docs/job-store.md).</summary>
/// <remarks>One hash tag keeps them on one node of a cluster, so that scripts may use them together.</remarks>
internal static class StoreKeys
{
    public const string Prefix = "ie:{p0}:";

    /// <summary>Hash: the time of the system at the last tick, and what the store's own clock said then.</summary>
    public static readonly RedisKey Clock = Prefix + "clock";

    /// <summary>Sorted set: each job's id, by the time when the sweep must check it.</summary>
    public static readonly RedisKey Due = Prefix + "due";

    /// <summary>Sorted set: the jobs that wait to be saved, by the time of their end.</summary>
    public static readonly RedisKey Saves = Prefix + "saves";

    /// <summary>Sorted set: the jobs whose results were sent whole, by the time when they were.</summary>
    public static readonly RedisKey Delivered = Prefix + "delivered";

    /// <summary>Hash: bytes by <c>id:in:random</c>, <c>id:out:random</c> (blobs), <c>id:room</c> (what a claim reserves for the result),
    /// <c>id:save</c> (what the job's save holds) and <c>id:hold</c> (what a claim reserves for the save).</summary>
    public static readonly RedisKey Sizes = Prefix + "sizes";

    /// <summary>Hash: the sums of <see cref="Sizes"/> by <c>in</c>, <c>out</c>, <c>room</c>, <c>save</c> and <c>hold</c>; how many jobs are
    /// <c>running</c>.</summary>
    public static readonly RedisKey Usage = Prefix + "usage";

    /// <summary>Hash: what each converter last said of itself, JSON, by its name.</summary>
    public static readonly RedisKey Descriptors = Prefix + "descriptors";

    /// <summary>
    /// Sorted set: jobs that have a pause, by its end: <c>converter id</c>, with the converter that they wait for. An entry is over by
    /// itself, whatever became of the job: it is for figures only.
    /// </summary>
    public static readonly RedisKey Aside = Prefix + "aside";

    /// <summary>A placeholder where a script's key is not needed.</summary>
    public static readonly RedisKey None = Prefix + "none";

    /// <summary>Channel: a job that changed, by id.</summary>
    public static readonly RedisChannel Changed = RedisChannel.Literal(Prefix + "changed");

    /// <summary>Channel: a converter that a job waits for, by name, or <see cref="SavesMessage"/>.</summary>
    public static readonly RedisChannel Waiting = RedisChannel.Literal(Prefix + "waiting");

    /// <summary>On the channel <see cref="Waiting"/>: a job waits to be saved. No converter is called so.</summary>
    public const string SavesMessage = ":saves";

    /// <summary>No converter's name has a point.</summary>
    private const string RecipesSuffix = ".recipes";

    /// <summary>
    /// The name of a converter's queue: a job has it in its field <c>converter</c>. Jobs with a recipe are in a queue of their own, which
    /// those do not look into that do not understand recipes, job managers of the release before among them.
    /// </summary>
    public static string QueueName(string converter, bool ofRecipes) => ofRecipes ? converter + RecipesSuffix : converter;

    /// <summary>Both queues of a converter.</summary>
    public static IReadOnlyList<string> QueueNames(string converter) => QueueNames(converter, withRecipes: true);

    /// <summary>The queues of a converter into which a claimer looks.</summary>
    public static IReadOnlyList<string> QueueNames(string converter, bool withRecipes) =>
        withRecipes ? [QueueName(converter, false), QueueName(converter, true)] : [QueueName(converter, false)];

    /// <summary>The converter whose queue has a name.</summary>
    public static string ConverterOf(string queueName) =>
        queueName.EndsWith(RecipesSuffix, StringComparison.Ordinal) ? queueName[..^RecipesSuffix.Length] : queueName;

    /// <summary>The converter that an entry of <see cref="Aside"/> waits for.</summary>
    public static string ConverterAside(string member) => ConverterOf(member[..member.IndexOf(' ', StringComparison.Ordinal)]);

    /// <summary>The keys of a script: those that all scripts have, and its own.</summary>
    /// <param name="queue">The queue that it works on, or <see cref="None"/>.</param>
    /// <param name="own">Its own keys.</param>
    public static RedisKey[] OfScript(RedisKey queue, params IEnumerable<RedisKey> own) => [Clock, Due, Sizes, Usage, queue, .. own];

    /// <summary>Sorted set: the jobs that wait in a queue, by their turns.</summary>
    /// <param name="name">The queue's name: <see cref="QueueName"/>.</param>
    public static RedisKey Queue(string name) => Prefix + "queue:" + name;

    /// <summary>Hash: whose turn it is in a queue, and the last turn that each party has taken.</summary>
    public static RedisKey Turns(string name) => Prefix + "turns:" + name;

    /// <summary>Hash: the job.</summary>
    public static RedisKey Job(JobId id) => Job(id.ToString());

    /// <inheritdoc cref="Job(JobId)"/>
    public static RedisKey Job(string id) => Prefix + "job:" + id;

    /// <summary>String: the job that a claim's token got, or the job whose save it got.</summary>
    public static RedisKey Claim(LeaseKind kind, string token) => Prefix + (kind == LeaseKind.Job ? "claim:" : "save-claim:") + token;

    /// <summary>String: an input, a result or a preview.</summary>
    public static RedisKey Blob(string name) => name.Length == 0 ? None : Prefix + "blob:" + name;
}
