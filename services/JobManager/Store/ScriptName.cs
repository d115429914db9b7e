namespace ImageEditor.JobManager.Store;

/// <summary>The scripts, one for each operation; the folder Lua has them under the same names.</summary>
internal enum ScriptName
{
    Create,
    Claim,
    Renew,
    RenewAll,
    Complete,
    Fail,
    Cancel,
    ExtendRetention,
    Deliver,
    Evict,
    Preview,
    EndSave,
    Sweep,
    Tick,
    DropOrphan,
    Recount,
    Heads,
}
