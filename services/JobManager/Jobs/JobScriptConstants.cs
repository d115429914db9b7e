using ImageEditor.JobManager.Store;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Jobs;

/// <summary>The rules for jobs, as the Lua scripts use them.</summary>
internal sealed class JobScriptConstants(IOptions<JobsOptions> jobs, IOptions<JobStoreOptions> store) : IScriptConstants
{
    /// <summary>How long a job whose save would not fit is kept out of the way of others.</summary>
    private static readonly TimeSpan SaveRoomPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HoldPause = TimeSpan.FromSeconds(1);

    /// <summary>How many lost leases on a save are made good without a pause.</summary>
    private const int PromptTakeovers = 3;

    public IEnumerable<(string Name, long Value)> All =>
    [
        ("LEASE", Milliseconds(jobs.Value.Lease)),
        ("HANDOVER", Milliseconds(Min(jobs.Value.Handover, jobs.Value.Lease))),
        ("LIFE", Milliseconds(jobs.Value.Life)),
        ("MAX_LIFE", Milliseconds(jobs.Value.MaxLife)),
        ("MAX_QUEUE_TIME", Milliseconds(jobs.Value.MaxQueueTime)),
        ("MAX_ERRORS", jobs.Value.MaxErrors),
        ("MAX_BROKEN", jobs.Value.MaxBroken),
        ("MAX_EXPIRIES", jobs.Value.MaxExpiries),
        ("MAX_QUEUED", jobs.Value.MaxQueued),
        ("ROOM", jobs.Value.Room),
        ("INPUT_LIMIT", store.Value.InputBytes),
        ("RESULT_LIMIT", store.Value.ResultBytes),
        ("SAVE_LIMIT", store.Value.SaveBytes),
        ("HOLD_WAIT", Milliseconds(HoldPause)),
        ("SAVE_WAIT", Milliseconds(Min(jobs.Value.MaxSavePause, SaveRoomPause))),
        ("SAVE_PAUSE", Milliseconds(jobs.Value.SavePause)),
        ("MAX_SAVE_PAUSE", Milliseconds(jobs.Value.MaxSavePause)),
        ("MAX_SAVE_TIME", Milliseconds(jobs.Value.MaxSaveTime)),
        ("SAVE_LAPSES", PromptTakeovers),
    ];

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static TimeSpan Min(TimeSpan first, TimeSpan second) => first < second ? first : second;
}
