using System.Collections.Concurrent;
using ImageEditor.Converters.ContractTests.Driver;

[assembly: AssemblyFixture(typeof(RunningConverters))]

// Tests run side by side, each with one request at a time, and never more of them than a shared converter has slots.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.All, MaxThreads = RunningConverters.Slots)]

namespace ImageEditor.Converters.ContractTests.Driver;

/// <summary>One process of each program, started when first asked for one of its converters and shared by all tests.</summary>
public sealed class RunningConverters : IAsyncDisposable
{
    /// <summary>Of each program.</summary>
    internal const int Slots = 3;

    private readonly ConcurrentDictionary<string, Lazy<Task<ConverterProcess>>> _processes = new();
    private readonly ConcurrentDictionary<string, Lazy<ConverterClient>> _clients = new();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            client.Value.Dispose();
        }

        foreach (var process in _processes.Values)
        {
            await (await process.Value).DisposeAsync();
        }
    }

    /// <summary>A converter that does little: with its <see cref="ConverterUnderTest.QuickParameters"/>, too.</summary>
    internal async Task<ConverterClient> ClientAsync(string name)
    {
        var converter = ConverterUnderTest.Named(name);
        var process = await _processes.GetOrAdd(
            converter.Program, _ => new Lazy<Task<ConverterProcess>>(() => ConverterProcess.StartAsync(converter, Slots))).Value;
        return _clients.GetOrAdd(name, _ => new Lazy<ConverterClient>(
            () => process.ClientOf(converter, $"{converter.Parameters}&{converter.QuickParameters}"))).Value;
    }
}
