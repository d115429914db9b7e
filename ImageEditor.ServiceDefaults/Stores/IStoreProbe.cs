namespace ImageEditor.ServiceDefaults.Stores;

/// <summary>Asks a store whether it is there.</summary>
public interface IStoreProbe
{
    /// <summary>The store's name, in metrics and logs.</summary>
    string Store { get; }

    /// <summary>Completes when the store has answered, on a connection that no call uses: there it would wait behind them.</summary>
    /// <remarks>Whatever it throws means that the store cannot do its work now.</remarks>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>The store answers again: connections from before may be dead.</summary>
    void Returned()
    {
    }
}
