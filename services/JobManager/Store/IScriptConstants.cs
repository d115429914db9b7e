namespace ImageEditor.JobManager.Store;

/// <summary>The settings that the Lua scripts use.</summary>
internal interface IScriptConstants
{
    /// <summary>Their names in the scripts and their values; times are milliseconds.</summary>
    IEnumerable<(string Name, long Value)> All { get; }
}
