namespace ImageEditor.AppHost.Tests.Support;

/// <summary>Tests that start the whole system run one after the other, and beside no other.</summary>
[CollectionDefinition(nameof(WholeSystem), DisableParallelization = true)]
public sealed class WholeSystem;
