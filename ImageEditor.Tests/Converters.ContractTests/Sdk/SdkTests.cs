namespace ImageEditor.Converters.ContractTests.Sdk;

/// <summary>
/// Tests that serve a converter from this process. None runs beside them: starting one sets libvips up for the whole process.
/// </summary>
[CollectionDefinition(nameof(SdkTests), DisableParallelization = true)]
public sealed class SdkTests;
