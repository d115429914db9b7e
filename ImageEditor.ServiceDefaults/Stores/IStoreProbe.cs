namespace ImageEditor.ServiceDefaults.Stores;

/// <summary>Probes a store.</summary>
public interface IStoreProbe
{
    /// <summary>The store's name, in metrics and logs.</summary>
    string Store { get; }

    /// <summary>Completes when the store has answered. It uses its own connection, since it would wait behind calls on theirs.</summary>
    /// <remarks>Every exception means that the store cannot be used now.</remarks>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Called when the store answers again: its older connections may be dead.</summary>
    void Returned()
    {
    }
}
