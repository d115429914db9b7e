using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>
/// The slots of this process for each converter, whose number is learnt. What was learnt holds while the converter is up: what comes back
/// may be less than it was, or fall again over the first picture.
/// </summary>
internal sealed class ConversionSlots(ConverterCatalog catalog, IOptions<AttemptOptions> options, TimeProvider time)
{
    private readonly Dictionary<string, Learned> _converters =
        catalog.All.ToDictionary(converter => converter.Name, converter => new Learned(converter, options.Value.MaxSlots, time));

    /// <summary>A converter's slots.</summary>
    public WorkSlots<AttemptClaim> Of(Converter converter) => _converters[converter.Name].Slots;

    /// <summary>Takes a slot that can run a job of a converter now.</summary>
    /// <returns>Null when there is none, or the converter is down.</returns>
    public WorkSlots<AttemptClaim>.Slot? TryTake(Converter converter) => converter.IsUp ? Of(converter).TryTake() : null;

    /// <summary>Lends a slot that no job wants at the moment.</summary>
    /// <returns>Null when there is none, or the converter is down.</returns>
    public WorkSlots<AttemptClaim>.Loan? TryLend(Converter converter) => converter.IsUp ? Of(converter).TryLend() : null;

    /// <summary>Forgets what was learnt from a converter before it went down.</summary>
    public void ForgetUnlessStillUp(Converter converter) => _converters[converter.Name].ForgetUnlessStillUp();

    /// <summary>Learns from a converter's answer to a job's call.</summary>
    /// <param name="converter">The converter.</param>
    /// <param name="isFull">Whether it refused the call as full; else it took it.</param>
    public void Learn(Converter converter, bool isFull) => _converters[converter.Name].Learn(isFull);

    private sealed class Learned(Converter converter, int most, TimeProvider time)
    {
        private readonly Lock _lock = new();
        private readonly SlotLearner _learner = new(most, time);
        private CancellationToken _whileUp = converter.WhileUp;

        public WorkSlots<AttemptClaim> Slots { get; } = new(1);

        public void ForgetUnlessStillUp()
        {
            lock (_lock)
            {
                var whileUp = converter.WhileUp;
                if (whileUp != _whileUp)
                {
                    _whileUp = whileUp;
                    _learner.Forget();
                    Slots.Count = _learner.Slots;
                }
            }
        }

        public void Learn(bool isFull)
        {
            lock (_lock)
            {
                _learner.Learn(isFull, Slots.Taken);
                if (Slots.Count != _learner.Slots)
                {
                    Slots.Count = _learner.Slots;
                }
            }
        }
    }
}
