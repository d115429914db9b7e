using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>The slots of this process for each converter.</summary>
internal sealed class ConversionSlots(ConverterCatalog catalog)
{
    private readonly Dictionary<string, IdleSlots<AttemptClaim>> _slots =
        catalog.All.ToDictionary(converter => converter.Name, _ => new IdleSlots<AttemptClaim>());

    /// <summary>A converter's slots that wait for work.</summary>
    public IdleSlots<AttemptClaim> Of(Converter converter) => _slots[converter.Name];

    /// <summary>Takes a slot that can run a job of a converter now.</summary>
    /// <returns>Null when there is none, or the converter is down.</returns>
    public IdleSlots<AttemptClaim>.Slot? TryTake(Converter converter) => converter.IsUp ? Of(converter).TryTake() : null;
}
