using ImageEditor.ServiceDefaults.Contracts;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Runs scripts on one job. Scripts declare every key, so where the job's keys are is read first; the script checks it again.</summary>
internal sealed class JobScriptRunner(StoreConnection store)
{
    private const int Tries = 20;
    private static readonly RedisValue[] Location = ["converter", "input", "result", "preview"];

    /// <summary>Runs a script on a job that is there.</summary>
    /// <param name="script">The script.</param>
    /// <param name="id">The job.</param>
    /// <param name="upload">A new result or preview, if that is what the script is about.</param>
    /// <param name="arguments">The script's own arguments.</param>
    /// <returns>What the script returns; <c>not-found</c> when there is no such job.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<string[]> RunAsync(ScriptName script, JobId id, string? upload, params RedisValue[] arguments)
    {
        for (var i = 0; i < Tries; i++)
        {
            var fields = await store.RunAsync(database => database.HashGetAsync(StoreKeys.Job(id), Location));
            if (fields[0].IsNull && script != ScriptName.Sweep)
            {
                return [ScriptResult.NotFound];
            }

            var place = new JobKeys(fields[0].ToString(), fields[1].ToString(), fields[2].ToString(), fields[3].ToString());
            var answer = await RunAsync(script, id, place, upload, arguments);
            if (answer[0] != ScriptResult.Retry)
            {
                return answer;
            }
        }

        throw new StoreUnavailableException("The job changed again and again while it was being looked at.");
    }

    /// <summary>Creates a job.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public Task<string[]> CreateAsync(JobId id, string converter, string input, params RedisValue[] arguments) =>
        RunAsync(ScriptName.Create, id, new JobKeys(converter, input, "", ""), upload: null, arguments);

    private Task<string[]> RunAsync(ScriptName script, JobId id, JobKeys place, string? upload, RedisValue[] arguments)
    {
        var result = script == ScriptName.Complete && upload is not null ? upload : place.Result;
        RedisKey[] keys =
        [
            StoreKeys.Due, StoreKeys.Sizes, StoreKeys.Usage, StoreKeys.Queue(place.Converter), StoreKeys.Job(id),
            StoreKeys.Blob(place.Input), StoreKeys.Blob(result), StoreKeys.Blob(place.Preview), StoreKeys.Saves,
            .. script == ScriptName.Preview ? [StoreKeys.Blob(upload ?? "")] : Array.Empty<RedisKey>(),
        ];
        return store.RunAsync(script, keys, [id.ToString(), place.Converter, place.Input, place.Result, place.Preview, .. arguments]);
    }

    /// <summary>What the names of a job's keys are made of.</summary>
    private readonly record struct JobKeys(string Converter, string Input, string Result, string Preview);
}
