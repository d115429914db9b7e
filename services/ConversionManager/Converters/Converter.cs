using System.Text.Json;

namespace ImageEditor.ConversionManager.Converters;

/// <summary>A converter of this installation, and what is known of it at the moment.</summary>
internal sealed class Converter(string name, Uri address)
{
    // Only changes take the lock; who reads has the newest of each.
    private readonly Lock _lock = new();
    private volatile TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CancellationTokenSource? _whileUp;
    private bool _reportedDown;

    /// <summary>It came up, or went down.</summary>
    public event Action? Changed;

    public string Name => name;

    public Uri Address => address;

    /// <summary>
    /// Its descriptor and schema when it last answered, perhaps another process and long ago; null when nobody has met it yet.
    /// </summary>
    public ConverterInfo? Info { get; private set; }

    public bool IsUp => _up.Task.IsCompleted;

    /// <summary>Cancelled permanently when the converter goes down; cancelled already while it is down.</summary>
    public CancellationToken WhileUp => _whileUp?.Token ?? new CancellationToken(canceled: true);

    /// <summary>Completes as soon as the converter is up.</summary>
    public Task WaitUntilUpAsync(CancellationToken cancellationToken) => _up.Task.WaitAsync(cancellationToken);

    /// <summary>It was met before, by this process or another: this is what it said of itself.</summary>
    public void Remember(ConverterInfo info)
    {
        lock (_lock)
        {
            Info ??= info;
        }
    }

    /// <summary>It answered.</summary>
    /// <returns>Whether this is a change.</returns>
    public bool MarkUp(ConverterInfo info)
    {
        bool isChange;
        lock (_lock)
        {
            Info = info;
            _reportedDown = false;
            _whileUp ??= new CancellationTokenSource();
            isChange = _up.TrySetResult();
        }

        if (isChange)
        {
            Changed?.Invoke();
        }

        return isChange;
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
        if (ended is not null)
        {
            ended.Cancel();
            Changed?.Invoke();
        }

        return isChange;
    }
}

/// <summary>What a converter says of itself, and its parameters' schema made ready for use.</summary>
internal sealed record ConverterInfo(ConverterDescriptor Descriptor, ParameterSchema Schema)
{
    /// <exception cref="JsonException">It is no descriptor.</exception>
    /// <exception cref="InvalidDataException">It is empty, or its schema refers to another document.</exception>
    public static async Task<ConverterInfo> ParseAsync(string json, CancellationToken cancellationToken)
    {
        var descriptor = JsonSerializer.Deserialize<ConverterDescriptor>(json, JsonSerializerOptions.Web)
            ?? throw new InvalidDataException("The descriptor is empty.");
        return new ConverterInfo(descriptor, await ParameterSchema.ParseAsync(descriptor.Parameters.GetRawText(), cancellationToken));
    }
}
