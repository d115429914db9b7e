using System.Collections.Concurrent;
using ImageEditor.Converters.ContractTests.Driver;

[assembly: AssemblyFixture(typeof(RunningConverters))]

// Tests run side by side, each with one request at a time, and never more of them than a shared converter has slots.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.All, MaxThreads = RunningConverters.Slots)]

namespace ImageEditor.Converters.ContractTests.Driver;

/// <summary>One process of each converter, started when first asked for and shared by all tests.</summary>
public sealed class RunningConverters : IAsyncDisposable
{
    /// <summary>Of each converter.</summary>
    internal const int Slots = 3;

    private readonly ConcurrentDictionary<string, Lazy<Task<ConverterProcess>>> _processes = new();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await (await process.Value).DisposeAsync();
        }
    }

    internal async Task<ConverterClient> ClientAsync(string name) => (await _processes.GetOrAdd(
        name,
        _ => new Lazy<Task<ConverterProcess>>(
            () => ConverterProcess.StartQuickAsync(ConverterUnderTest.Named(name), Slots))).Value).Client;
}
