namespace ImageEditor.ConversionManager.Leasing;

/// <summary>What is leased.</summary>
internal enum LeaseKind
{
    Job,
    Save,
}
