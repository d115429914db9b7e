namespace ImageEditor.ConversionManager.Converters;

/// <summary>A converter of this installation, and what is known of it at the moment.</summary>
internal sealed class Converter(string name, Uri address)
{
    // Only changes take the lock; who reads has the newest of each.
    private readonly Lock _lock = new();
    private volatile TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CancellationTokenSource? _whileUp;
    private bool _reportedDown;

    public string Name => name;

    public Uri Address => address;

    /// <summary>Its descriptor and schema when it last answered; null when it never did since this process started.</summary>
    public ConverterInfo? Info { get; private set; }

    public bool IsUp => _up.Task.IsCompleted;

    /// <summary>Cancelled permanently when the converter goes down; cancelled already while it is down.</summary>
    public CancellationToken WhileUp => _whileUp?.Token ?? new CancellationToken(canceled: true);

    /// <summary>Completes as soon as the converter is up.</summary>
    public Task WaitUntilUpAsync(CancellationToken cancellationToken) => _up.Task.WaitAsync(cancellationToken);

    /// <summary>It answered.</summary>
    /// <returns>Whether this is a change.</returns>
    public bool MarkUp(ConverterInfo info)
    {
        lock (_lock)
        {
            Info = info;
            _reportedDown = false;
            _whileUp ??= new CancellationTokenSource();
            return _up.TrySetResult();
        }
    }

    /// <summary>It did not answer.</summary>
    /// <returns>Whether this is a change.</returns>
    public bool MarkDown()
    {
        CancellationTokenSource? ended;
        bool isChange;
        lock (_lock)
        {
            if (_up.Task.IsCompleted)
            {
                _up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            (ended, _whileUp) = (_whileUp, null);
            (isChange, _reportedDown) = (!_reportedDown, true);
        }

        // Outside of the lock: callbacks may use this converter.
        ended?.Cancel();
        return isChange;
    }
}

/// <summary>What a converter says of itself, and its parameters' schema made ready for use.</summary>
internal sealed record ConverterInfo(ConverterDescriptor Descriptor, ParameterSchema Schema);
