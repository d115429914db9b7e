using System.Security.Cryptography;
using ImageEditor.JobManager.Attempts;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.JobManager.Sweeping;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Tests.Support;

/// <summary>The store as one replica of the job manager has it, in verbs of the domain.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    /// <summary>A user who is signed in.</summary>
    public const string Owner = "0b2ff0b4-6a2c-4f0e-9d3e-6f6d1c7a2b11";

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services;

    private TestStore(ServiceProvider services) => _services = services;

    public JobStore Jobs => _services.GetRequiredService<JobStore>();

    public JobLeases Leases => _services.GetRequiredService<JobLeases>();

    public SaveLeases Saves => _services.GetRequiredService<SaveLeases>();

    public BlobStore Blobs => _services.GetRequiredService<BlobStore>();

    public StoreClock Clock => _services.GetRequiredService<StoreClock>();

    public LeaseStore AllLeases => _services.GetRequiredService<LeaseStore>();

    public StoreSweep Sweep => _services.GetRequiredService<StoreSweep>();

    public DeliveredResults Delivered => _services.GetRequiredService<DeliveredResults>();

    public JobsOptions JobsOptions => _services.GetRequiredService<IOptions<JobsOptions>>().Value;

    /// <summary>The room for inputs, in bytes.</summary>
    public long InputBytes => _services.GetRequiredService<IOptions<JobStoreOptions>>().Value.InputBytes;

    /// <summary>The store itself, to inspect it and to change times.</summary>
    public IDatabase Database => _services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

    /// <summary>Connects to a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="jobs">Changes lifetimes and limits.</param>
    /// <param name="store">Changes how memory is shared out.</param>
    /// <param name="scripts">Replaces the scripts.</param>
    /// <param name="empty">Whether the store is emptied first.</param>
    public static async Task<TestStore> OpenAsync(
        StoreServer server, Action<JobsOptions>? jobs = null, Action<JobStoreOptions>? store = null,
        Func<IServiceProvider, LuaScripts>? scripts = null, bool empty = true)
    {
        var options = ConfigurationOptions.Parse(server.ConnectionString);
        StoreConnectionOptions.Apply(options, new PictureOptions().TransferTime);
        options.AllowAdmin = true;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IConnectionMultiplexer>(await ConnectionMultiplexer.ConnectAsync(options));
        services.AddJobStoreServices();
        services.Configure(jobs ?? (_ => { }));
        services.Configure(store ?? (_ => { }));
        if (scripts is not null)
        {
            services.AddSingleton(scripts);
        }

        var opened = new TestStore(services.BuildServiceProvider());
        await opened.ReadyAsync();
        if (empty)
        {
            await opened.EmptyAsync();
        }

        return opened;
    }

    /// <summary>Waits until the server answers through this connection.</summary>
    public Task ReadyAsync() => Until.TrueAsync("the store answers", ConnectTime, async () =>
    {
        try
        {
            await Database.PingAsync();
            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false;
        }
    });

    public static JobId NewId() => JobId.FromBytes(RandomNumberGenerator.GetBytes(JobId.ByteCount));

    /// <summary>Bytes that only one seed has.</summary>
    public static byte[] Image(string seed, int length)
    {
        var bytes = new byte[length];
        new Random(BitConverter.ToInt32(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(seed)))).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Creates a job whose input is made from its id.</summary>
    public async Task<ScriptResult> CreateAsync(
        JobId id, string converter = "contrast", int length = 100, string? owner = null, string? images = null,
        string? party = null, int? yield = null, string? recipe = null, string? name = null) =>
        (await Jobs.CreateAsync(
            new NewJob(
                id, converter, "{\"amount\":40}", "image/png", owner, party, Images: images, Yield: yield, Recipe: recipe, Name: name),
            Image($"{id}", length))).Result;

    /// <summary>Creates a job for a caller that has a free slot.</summary>
    /// <returns>What happened, and the caller's attempt, if it has claimed the job with it.</returns>
    public Task<(ScriptResult Result, int? Attempt)> StartAsync(
        JobId id, string token, string converter = "contrast", int length = 100, string? owner = null, string? party = null,
        int? yield = null, string? recipe = null, string[]? program = null, bool recipes = false) =>
        Jobs.CreateAsync(
            new NewJob(id, converter, "{\"amount\":40}", "image/png", owner, party, Yield: yield, Recipe: recipe),
            Image($"{id}", length),
            new Claimer(token, program ?? [], recipes));

    /// <summary>Claims a job with a new token.</summary>
    public Task<Claim?> ClaimAsync(string converter = "contrast", bool recipes = false) =>
        ClaimAsync([converter], recipes);

    /// <summary>Claims a job of several converters with a new token.</summary>
    public Task<Claim?> ClaimAsync(string[] converters, bool recipes = false) =>
        Leases.ClaimAsync(Guid.NewGuid().ToString("N"), converters, recipes);

    /// <summary>Completes a claim; the result is made from job and attempt.</summary>
    public Task<ScriptResult> CompleteAsync(JobId id, int attempt, int length = 100, int width = 0, int height = 0) =>
        Leases.CompleteAsync(id, attempt, keys: null, Image($"{id}/{attempt}", length), "image/png", width, height, info: null);

    public Task<ScriptResult> FailAsync(JobId id, int attempt, string kind, double delay = 0) =>
        Leases.FailAsync(id, attempt, Failure.From(new FailureReport(kind, 422, "urn:test", "Test", "Because.", delay)));

    /// <summary>Claims a save with a new token.</summary>
    public Task<SaveClaim?> ClaimSaveAsync() => Saves.ClaimAsync(Guid.NewGuid().ToString("N"));

    public Task<ScriptResult> EndSaveAsync(JobId id, int attempt, string outcome, int? status = null) =>
        Saves.EndAsync(id, attempt, new SaveReport(outcome, status, "Because."));

    /// <summary>The state of a job's save; null when it has none, or there is no such job.</summary>
    public async Task<string?> SaveStateAsync(JobId id) => await Database.HashGetAsync(StoreKeys.Job(id), "save");

    public async Task<Job> ReadAsync(JobId id) =>
        await Jobs.ReadAsync(id) ?? throw new InvalidOperationException($"Job {id} is not there.");

    public async Task<byte[]> BytesAsync(StoredImage image)
    {
        using var bytes = new MemoryStream();
        await foreach (var chunk in Blobs.ReadAsync(image, CancellationToken.None))
        {
            await bytes.WriteAsync(chunk);
        }

        return bytes.ToArray();
    }

    /// <summary>The names of all keys that there are.</summary>
    public async Task<RedisKey[]> KeysAsync() => (RedisKey[])(await Database.ExecuteAsync("KEYS", "*"))!;

    /// <summary>The store's clock, in milliseconds.</summary>
    public async Task<long> TimeAsync()
    {
        var time = (string[])(await Database.ExecuteAsync("TIME"))!;
        return (long.Parse(time[0], null) * 1000) + (long.Parse(time[1], null) / 1000);
    }

    /// <summary>Has so much pass for the store's own clock at once, and nothing for who looks at it: it jumped, or all slept.</summary>
    public async Task JumpAsync(TimeSpan time)
    {
        await Clock.TickAsync();
        await Database.HashDecrementAsync(StoreKeys.Clock, "wall", (long)time.TotalMilliseconds);
    }

    public Task SweepAsync() => Sweep.SweepAsync(CancellationToken.None);

    public Task AuditAsync() => Sweep.AuditAsync(CancellationToken.None);

    /// <summary>Changes a job's times: its lease has run out.</summary>
    public Task ExpireLeaseAsync(JobId id) => BackdateAsync(id, "lease");

    /// <summary>Changes a job's times: its retention is over.</summary>
    public Task ExpireRetentionAsync(JobId id) => BackdateAsync(id, "expires");

    /// <summary>Changes a job's times: it has been in the queue since 1970.</summary>
    public Task ExpireQueueTimeAsync(JobId id) => BackdateAsync(id, "since");

    /// <summary>Changes a job's times: its delay is over.</summary>
    public Task EndDelayAsync(JobId id) => BackdateAsync(id, "notBefore");

    /// <summary>Changes a job's times: the lease on its save has run out.</summary>
    public Task ExpireSaveLeaseAsync(JobId id) => BackdateAsync(id, "saveLease");

    /// <summary>Changes a job's times: it waits to be saved since 1970.</summary>
    public Task ExpireSaveTimeAsync(JobId id) => BackdateAsync(id, "saveSince");

    /// <summary>Changes a job's times: its save's delay is over.</summary>
    public Task EndSaveDelayAsync(JobId id) => BackdateAsync(id, "saveNotBefore");

    /// <summary>All that the store holds but the bytes of images, to read when a test failed.</summary>
    public async Task<string> DumpAsync()
    {
        var lines = new List<string> { $"time {await TimeAsync()}" };
        foreach (var key in (await KeysAsync()).OrderBy(key => key.ToString(), StringComparer.Ordinal))
        {
            lines.Add(await Database.KeyTypeAsync(key) switch
            {
                RedisType.Hash => $"{key}: {string.Join(' ', await Database.HashGetAllAsync(key))}",
                RedisType.SortedSet => $"{key}: {string.Join(' ', await Database.SortedSetRangeByRankWithScoresAsync(key))}",
                var type => $"{key}: {type}",
            });
        }

        return string.Join('\n', lines);
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    // Key by key: FLUSHALL hangs permanently when Garnet compacts or checkpoints at the same time.
    private async Task EmptyAsync()
    {
        foreach (var keys in (await KeysAsync()).Chunk(1000))
        {
            await Database.KeyDeleteAsync(keys);
        }
    }

    private async Task BackdateAsync(JobId id, string field)
    {
        await Database.HashSetAsync(StoreKeys.Job(id), field, 1);
        await Database.SortedSetAddAsync(StoreKeys.Due, id.ToString(), 1);
    }
}
