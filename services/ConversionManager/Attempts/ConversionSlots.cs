using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>
/// The slots of this process for each program, whose number is learnt. What was learnt holds while the program's converters are up: what comes
/// back may be less than it was, or fall again over the first picture.
/// </summary>
internal sealed class ConversionSlots(ConverterCatalog catalog, IOptions<AttemptOptions> options, TimeProvider time)
{
    private readonly Dictionary<ConverterProgram, Learned> _programs =
        catalog.Programs.ToDictionary(program => program, _ => new Learned(options.Value.MaxSlots, time));

    /// <summary>A program's slots.</summary>
    public WorkSlots<AttemptClaim> Of(ConverterProgram program) => _programs[program].Slots;

    /// <summary>The slots of a converter's program.</summary>
    public WorkSlots<AttemptClaim> Of(Converter converter) => LearnedOf(converter).Slots;

    /// <summary>Takes a slot that can run a job of a converter now.</summary>
    /// <returns>Null when there is none, or the converter is down.</returns>
    public WorkSlots<AttemptClaim>.Slot? TryTake(Converter converter) => converter.IsUp ? Of(converter).TryTake() : null;

    /// <summary>Lends a slot that no job wants at the moment.</summary>
    /// <returns>Null when there is none, or the converter is down.</returns>
    public WorkSlots<AttemptClaim>.Loan? TryLend(Converter converter) => converter.IsUp ? Of(converter).TryLend() : null;

    /// <summary>Forgets what was learnt from a converter's program before the converter went down.</summary>
    public void ForgetUnlessStillUp(Converter converter) => LearnedOf(converter).ForgetUnlessStillUp(converter);

    /// <summary>Learns from a converter's answer to a job's call.</summary>
    /// <param name="converter">The converter.</param>
    /// <param name="isFull">Whether it refused the call as full; else it took it.</param>
    public void Learn(Converter converter, bool isFull) => LearnedOf(converter).Learn(isFull);

    private Learned LearnedOf(Converter converter) => _programs[catalog.ProgramOf(converter)];

    private sealed class Learned(int most, TimeProvider time)
    {
        private readonly Lock _lock = new();
        private readonly SlotLearner _learner = new(most, time);
        private readonly Dictionary<Converter, CancellationToken> _whileUp = [];

        public WorkSlots<AttemptClaim> Slots { get; } = new(1);

        public void ForgetUnlessStillUp(Converter converter)
        {
            lock (_lock)
            {
                var whileUp = converter.WhileUp;
                var isKnown = _whileUp.TryGetValue(converter, out var before);
                _whileUp[converter] = whileUp;

                // One that is met for the first time has not been away.
                if (isKnown && whileUp != before)
                {
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
