using System.Collections.Concurrent;
using System.Globalization;
using ImageEditor.JobManager.Settings;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Store;

/// <summary>The Lua scripts, with the settings written into them.</summary>
internal class Scripts(IOptions<JobsOptions> jobs, IOptions<JobStoreOptions> store)
{
    /// <summary>How long a job whose save would not fit is kept out of the way of others.</summary>
    private static readonly TimeSpan SaveRoomPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HoldPause = TimeSpan.FromSeconds(1);

    /// <summary>How many lost leases on a save are made good without a pause.</summary>
    private const int PromptTakeovers = 3;

    private readonly ConcurrentDictionary<Script, string> _texts = [];

    /// <summary>A script's whole text.</summary>
    public virtual string Text(Script script) => _texts.GetOrAdd(script, Compose);

    private string Compose(Script script) => string.Join('\n',
    [
        Settings(),
        Read("prelude"),
        script is Script.Claim or Script.ClaimSave or Script.Drop or Script.Recount ? "" : Read("job"),
        Read(script.ToString().ToLowerInvariant()),
    ]);

    private string Settings()
    {
        var options = jobs.Value;
        return string.Join('\n',
        [
            Constant("LEASE", Milliseconds(options.Lease)),
            Constant("HANDOVER", Milliseconds(options.Handover < options.Lease ? options.Handover : options.Lease)),
            Constant("LIFE", Milliseconds(options.Life)),
            Constant("MAX_LIFE", Milliseconds(options.MaxLife)),
            Constant("MAX_QUEUE_TIME", Milliseconds(options.MaxQueueTime)),
            Constant("MAX_ERRORS", options.MaxErrors),
            Constant("MAX_BROKEN", options.MaxBroken),
            Constant("MAX_EXPIRIES", options.MaxExpiries),
            Constant("MAX_QUEUED", options.MaxQueued),
            Constant("ROOM", options.Room),
            Constant("INPUT_LIMIT", store.Value.InputBytes),
            Constant("RESULT_LIMIT", store.Value.ResultBytes),
            Constant("SAVE_LIMIT", store.Value.SaveBytes),
            Constant("HOLD_WAIT", Milliseconds(HoldPause)),
            Constant("SAVE_WAIT", Milliseconds(options.MaxSavePause < SaveRoomPause ? options.MaxSavePause : SaveRoomPause)),
            Constant("SAVE_PAUSE", Milliseconds(options.SavePause)),
            Constant("MAX_SAVE_PAUSE", Milliseconds(options.MaxSavePause)),
            Constant("MAX_SAVE_TIME", Milliseconds(options.MaxSaveTime)),
            Constant("SAVE_LAPSES", PromptTakeovers),
        ]);
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static string Constant(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"local {name} = {value}");

    private static string Read(string name)
    {
        using var stream = typeof(Scripts).Assembly.GetManifestResourceStream(name + ".lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not part of this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
