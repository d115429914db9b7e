namespace ImageEditor.ConversionManager.Converters;

/// <summary>The converters that one program serves, each below a path of its own: slots and claims are the program's.</summary>
internal sealed class ConverterProgram
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _unchanged;

    /// <param name="address">Where the program is.</param>
    /// <param name="converters">Its converters.</param>
    public ConverterProgram(string address, IReadOnlyList<Converter> converters)
    {
        (Address, Converters) = (address, converters);
        foreach (var converter in converters)
        {
            converter.Changed += OnChanged;
        }
    }

    /// <summary>Where the program is: the part of its converters' addresses that they have in common.</summary>
    public string Address { get; }

    /// <summary>Its converters.</summary>
    public IReadOnlyList<Converter> Converters { get; }

    /// <summary>The names of those whose jobs can be run now. Nobody can submit jobs for an internal converter.</summary>
    public IReadOnlyList<string> Claimable =>
        [.. Converters.Where(converter => converter is { IsUp: true, Info.Descriptor.Public: true }).Select(converter => converter.Name)];

    /// <summary>Cancelled as soon as one of its converters comes up or goes down.</summary>
    public CancellationToken WhileUnchanged
    {
        get
        {
            lock (_lock)
            {
                return (_unchanged ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>Waits until there are jobs that it can run.</summary>
    /// <returns>False when there will never be any, since all its converters are internal.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<bool> WaitUntilClaimableAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var unchanged = WhileUnchanged;
            if (Claimable.Count > 0)
            {
                return true;
            }

            if (Converters.All(converter => converter is { IsUp: true, Info.Descriptor.Public: false }))
            {
                return false;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(unchanged, cancellationToken);
            await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Nothing answers where it is: all its converters are down.</summary>
    /// <returns>Those that were not known to be.</returns>
    public IReadOnlyList<Converter> MarkDown() => [.. Converters.Where(converter => converter.MarkDown())];

    private void OnChanged()
    {
        CancellationTokenSource? ended;
        lock (_lock)
        {
            (ended, _unchanged) = (_unchanged, null);
        }

        // Outside of the lock: callbacks may use this program.
        ended?.Cancel();
    }
}
