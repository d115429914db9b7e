namespace ImageEditor.JobManager.Store;

/// <summary>The scripts, one for each operation; the folder Lua has them under the same names.</summary>
internal enum Script
{
    Create,
    Claim,
    Renew,
    Complete,
    Fail,
    Cancel,
    Fetch,
    Preview,
    ClaimSave,
    RenewSave,
    EndSave,
    Tidy,
    Drop,
    Recount,
}
