namespace Aspire.Hosting.ApplicationModel;

/// <summary>The command line of a resource while it is put together.</summary>
public sealed class CommandLineArgsCallbackContext(IList<object> args, CancellationToken cancellationToken = default)
{
    /// <summary>The arguments: strings and <see cref="IValueProvider"/>s.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>Signalled when the start is given up.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}
