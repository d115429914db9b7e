using ImageEditor.JobManager.Jobs;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Runs scripts on one job. Scripts declare every key, so where the job's keys are is read first; the script checks it again.</summary>
internal sealed class JobScripts(StoreConnection store)
{
    private const int Tries = 20;
    private static readonly RedisValue[] Location = ["converter", "input", "result"];

    /// <summary>Runs a script on a job that is there.</summary>
    /// <param name="script">The script.</param>
    /// <param name="id">The job.</param>
    /// <param name="upload">A new result, if that is what the script is about.</param>
    /// <param name="arguments">The script's own arguments.</param>
    /// <returns>What the script returns; <c>not-found</c> when there is no such job.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<string[]> RunAsync(Script script, JobId id, string? upload, params RedisValue[] arguments)
    {
        for (var i = 0; i < Tries; i++)
        {
            var fields = await store.RunAsync(database => database.HashGetAsync(StoreKeys.Job(id), Location));
            if (fields[0].IsNull && script != Script.Tidy)
            {
                return [Outcomes.NotFound];
            }

            var (converter, input, result) = (fields[0].ToString(), fields[1].ToString(), fields[2].ToString());
            var answer = await RunAsync(script, id, converter, input, result, upload ?? result, arguments);
            if (answer[0] != Outcomes.Again)
            {
                return answer;
            }
        }

        throw new StoreUnavailableException("The job changed again and again while it was being looked at.");
    }

    /// <summary>Creates a job.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public Task<string[]> CreateAsync(JobId id, string converter, string input, params RedisValue[] arguments) =>
        RunAsync(Script.Create, id, converter, input, "", "", arguments);

    private Task<string[]> RunAsync(Script script, JobId id, string converter, string input, string result, string resultKey, RedisValue[] arguments) =>
        store.RunAsync(
            script,
            [StoreKeys.Due, StoreKeys.Sizes, StoreKeys.Usage, StoreKeys.Queue(converter), StoreKeys.Job(id), StoreKeys.Blob(input), StoreKeys.Blob(resultKey)],
            [id.ToString(), converter, input, result, .. arguments]);
}
