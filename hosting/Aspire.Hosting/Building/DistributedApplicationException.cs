namespace Aspire.Hosting;

/// <summary>A mistake in the application's model, or something that keeps the application from running.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>Makes the exception with a message that names the culprit.</summary>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and its cause.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
