using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Attempts;

/// <summary>Whether an attempt may report a result or a preview, before that is read.</summary>
/// <param name="Result"><see cref="ScriptResult.Renewed"/> if so, <see cref="ScriptResult.Repeated"/> if it has reported its result
/// already, else why not.</param>
/// <param name="MaxBytes">The most bytes that a result may have.</param>
/// <param name="Keys">The job's keys, which the report needs.</param>
internal readonly record struct AttemptCheck(ScriptResult Result, int MaxBytes, JobKeys Keys);
