namespace ImageEditor.JobManager.Store;

/// <summary>The job store cannot do its work at the moment. What was asked for may have happened all the same, and can be asked for again.</summary>
internal sealed class StoreUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
