using System.Net;

namespace ImageEditor.Converters.ContractTests.Driver;

/// <summary>
/// Requests that occupy all slots of a converter: a request takes its slot before its body is read, and these pause half-way.
/// </summary>
internal sealed class OccupiedSlots : IDisposable
{
    private readonly CancellationTokenSource _abort = new();
    private readonly List<(PausedBody Body, Task<ConverterResponse> Call)> _calls = [];

    /// <summary>Takes all slots of a converter that has no other callers.</summary>
    /// <param name="client">The converter.</param>
    /// <param name="slots">How many it has.</param>
    /// <param name="picture">One that it reads.</param>
    public static async Task<OccupiedSlots> AllAsync(ConverterClient client, int slots, byte[] picture)
    {
        var occupied = new OccupiedSlots();
        await Until.TrueAsync("all slots are taken", ConverterProcess.TimeLimit, async () =>
        {
            // A request that came while the probe below had its slot was refused; it is repeated, and gets there before the next probe.
            occupied._calls.RemoveAll(call => call.Call.IsCompleted);
            if (occupied._calls.Count < slots)
            {
                while (occupied._calls.Count < slots)
                {
                    var body = new PausedBody(picture);
                    occupied._calls.Add((body, client.ConvertUntilAsync(body, "", occupied._abort.Token)));
                }

                return false;
            }

            // A probe without a picture: it takes a slot, too, and releases it at once.
            return (await client.ConvertAsync([])).Status == HttpStatusCode.ServiceUnavailable;
        }, TestContext.Current.CancellationToken);
        return occupied;
    }

    /// <summary>Sends the rest of the bodies.</summary>
    public async Task<ConverterResponse[]> ReleaseAsync()
    {
        _calls.ForEach(call => call.Body.Release());
        return await Task.WhenAll(_calls.Select(call => call.Call));
    }

    public async Task AbortAsync()
    {
        await _abort.CancelAsync();
        foreach (var (_, call) in _calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    public void Dispose()
    {
        _abort.Dispose();
        _calls.ForEach(call => call.Body.Dispose());
    }
}
