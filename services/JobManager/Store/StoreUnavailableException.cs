namespace ImageEditor.JobManager.Store;

/// <summary>The job store does not answer at the moment. The call may have had its effect all the same, and can be repeated.</summary>
internal sealed class StoreUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
