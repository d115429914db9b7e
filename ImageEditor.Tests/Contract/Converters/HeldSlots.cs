using System.Net;
using ImageEditor.Tests.Contract.Pictures;

namespace ImageEditor.Tests.Contract.Converters;

/// <summary>Requests that hold all slots of a converter: a request takes its slot before its body is read, and these stop half-way.</summary>
internal sealed class HeldSlots : IDisposable
{
    private readonly CancellationTokenSource _hangUp = new();
    private readonly List<(HeldBody Body, Task<Answer> Call)> _calls = [];

    /// <summary>Takes all slots of a converter that nobody else calls.</summary>
    public static async Task<HeldSlots> AllAsync(ConverterClient client, int slots)
    {
        var held = new HeldSlots();
        await Until.TrueAsync(async () =>
        {
            // One that met the question below in its slot was refused, and is repeated.
            held._calls.RemoveAll(call => call.Call.IsCompleted);
            while (held._calls.Count < slots)
            {
                var body = new HeldBody(Made.Small("png"));
                held._calls.Add((body, client.ConvertUntilAsync(body, "", held._hangUp.Token)));
            }

            // Nothing to convert: it takes a slot, too, and gives it back at once.
            return (await client.ConvertAsync([])).Status == HttpStatusCode.ServiceUnavailable;
        });
        return held;
    }

    /// <summary>Sends the rest of the bodies.</summary>
    public async Task<Answer[]> ReleaseAsync()
    {
        _calls.ForEach(call => call.Body.Release());
        return await Task.WhenAll(_calls.Select(call => call.Call));
    }

    public async Task HangUpAsync()
    {
        await _hangUp.CancelAsync();
        foreach (var (_, call) in _calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    public void Dispose()
    {
        _hangUp.Dispose();
        _calls.ForEach(call => call.Body.Dispose());
    }
}
