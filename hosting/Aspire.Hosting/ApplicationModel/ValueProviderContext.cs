namespace Aspire.Hosting.ApplicationModel;

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>The resource that the value is for.</summary>
    public IResource? Caller { get; init; }

    /// <summary>Which replica of the caller: a replica that names its own endpoint means its own port.</summary>
    internal int Replica { get; init; }
}
