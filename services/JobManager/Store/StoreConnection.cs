using System.Diagnostics;
using ImageEditor.ServiceDefaults.Stores;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Runs commands and scripts in the store. Whatever keeps the store from answering becomes a
/// <see cref="StoreUnavailableException"/>.</summary>
internal sealed class StoreConnection(IConnectionMultiplexer redis, StoreWatch watch, LuaScripts scripts)
{
    private static readonly ActivitySource Spans = new("ImageEditor.JobManager");

    /// <summary>For subscriptions.</summary>
    public ISubscriber Subscriber => redis.GetSubscriber();

    /// <summary>Runs commands. Those that are cut off because the store is silent may be carried out all the same.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer, or not in time.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> commands)
    {
        try
        {
            return await watch.RunAsync(_ => commands(redis.GetDatabase()));
        }
        catch (RedisException exception)
        {
            throw new StoreUnavailableException("The job store did not answer as it should: " + exception.Message, exception);
        }
        catch (TimeoutException exception)
        {
            throw new StoreUnavailableException("The job store did not answer in time.", exception);
        }
    }

    /// <summary>Reads fields of a hash.</summary>
    /// <returns>Those that are there.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer, or not in time.</exception>
    public async Task<StoreFields> ReadHashAsync(RedisKey key, params RedisValue[] names)
    {
        var values = await RunAsync(database => database.HashGetAsync(key, names));
        return new StoreFields(names.Zip(values, (name, value) => KeyValuePair.Create(name.ToString(), value.ToString())));
    }

    /// <summary>Runs a script.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer, or not in time.</exception>
    public async Task<ScriptReply> RunAsync(ScriptName script, RedisKey[] keys, params RedisValue[] arguments)
    {
        // To the client of the store each script is an EVALSHA: its name is known only here.
        using var span = Spans.StartActivity($"script {script}");
        return ScriptReply.Parse(await RunAsync(
            async database => (string[])(await database.ScriptEvaluateAsync(scripts.Text(script), keys, arguments))!));
    }

    /// <summary>Notifies every replica. One that misses the message finds the change within a second by polling.</summary>
    public void Publish(RedisChannel channel, string message)
    {
        try
        {
            redis.GetDatabase().Publish(channel, message, CommandFlags.FireAndForget);
        }
        catch (RedisException)
        {
            // The replicas poll.
        }
    }
}
