using System.Collections.Concurrent;
using ImageEditor.Tests.Contract.Converters;

[assembly: AssemblyFixture(typeof(RunningConverters))]

// The converters share the machine with the tests, and each takes only so many requests at once.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace ImageEditor.Tests.Contract.Converters;

/// <summary>One process of each converter, started when first asked for and shared by all tests.</summary>
public sealed class RunningConverters : IAsyncDisposable
{
    private const int Slots = 4;

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
        _ => new Lazy<Task<ConverterProcess>>(() => ConverterProcess.StartAsync(ConverterUnderTest.Named(name), Slots))).Value).Client;
}
