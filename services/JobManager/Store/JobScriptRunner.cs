using ImageEditor.ServiceDefaults.Contracts;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Runs scripts on one job.</summary>
/// <remarks>Scripts declare every key, so the names of the job's keys are read first, and the script checks that they are still
/// right.</remarks>
internal sealed class JobScriptRunner(StoreConnection store)
{
    private const int MaxTries = 20;

    /// <summary>Runs a script on a job that is there.</summary>
    /// <param name="script">The script.</param>
    /// <param name="id">The job.</param>
    /// <param name="upload">A new result or preview, if that is what the script is about.</param>
    /// <param name="arguments">The script's own arguments.</param>
    /// <inheritdoc cref="RunAsync(ScriptName, JobId, JobKeys?, string?, RedisValue[])"/>
    public Task<ScriptReply> RunAsync(ScriptName script, JobId id, string? upload, params RedisValue[] arguments) =>
        RunAsync(script, id, known: null, upload, arguments);

    /// <summary>Runs a script on a job that is there.</summary>
    /// <param name="script">The script.</param>
    /// <param name="id">The job.</param>
    /// <param name="known">What the names of the job's keys were made of a moment ago, if that is known: then the script is sent at once.</param>
    /// <param name="upload">A new result or preview, if that is what the script is about.</param>
    /// <param name="arguments">The script's own arguments.</param>
    /// <returns>What the script returns; <see cref="ScriptResult.NotFound"/> when there is no such job.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<ScriptReply> RunAsync(ScriptName script, JobId id, JobKeys? known, string? upload, params RedisValue[] arguments)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var keys = (i == 0 ? known : null) ?? JobKeys.From(await store.ReadHashAsync(StoreKeys.Job(id), [.. JobKeys.Fields]));
            if (keys.Converter.Length == 0 && script is not (ScriptName.Sweep or ScriptName.Evict))
            {
                return ScriptReply.NotFound;
            }

            var reply = await RunOnceAsync(script, id, keys, upload, arguments);
            if (reply.Result != ScriptResult.Retry)
            {
                return reply;
            }
        }

        throw new StoreUnavailableException("The job changed each time that a script was about to run on it.");
    }

    /// <summary>Creates a job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="queue">Its queue's name.</param>
    /// <param name="otherQueues">The names of those that have to be empty, too, if it is to be started at once.</param>
    /// <param name="input">Its uploaded input.</param>
    /// <param name="arguments">The script's own arguments.</param>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public Task<ScriptReply> CreateAsync(
        JobId id, string queue, IEnumerable<string> otherQueues, string input, params RedisValue[] arguments) =>
        RunOnceAsync(
            ScriptName.Create, id, new JobKeys(queue, input, "", ""), upload: null, arguments,
            [StoreKeys.Turns(queue), .. otherQueues.Select(StoreKeys.Queue)]);

    private Task<ScriptReply> RunOnceAsync(
        ScriptName script, JobId id, JobKeys job, string? upload, RedisValue[] arguments, params RedisKey[] ownKeys)
    {
        var result = script == ScriptName.Complete && upload is not null ? upload : job.Result;
        var keys = StoreKeys.OfScript(
            StoreKeys.Queue(job.Converter),
            [
                StoreKeys.Job(id), StoreKeys.Blob(job.Input), StoreKeys.Blob(result), StoreKeys.Blob(job.Preview), StoreKeys.Saves,
                StoreKeys.Delivered,
                .. script switch
                {
                    ScriptName.Preview => [StoreKeys.Blob(upload ?? "")],
                    ScriptName.Fail => [StoreKeys.Aside],
                    _ => ownKeys,
                },
            ]);
        return store.RunAsync(script, keys, [id.ToString(), job.Converter, job.Input, job.Result, job.Preview, .. arguments]);
    }
}
