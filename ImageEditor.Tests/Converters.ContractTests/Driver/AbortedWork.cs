using System.Net;

namespace ImageEditor.Converters.ContractTests.Driver;

/// <summary>A caller that hangs up while a converter works.</summary>
internal static class AbortedWork
{
    /// <summary>
    /// Asserts that the work ends with its caller: the slot is free again, and less processor time was spent than all of it takes.
    /// Processor time is what other processes of a busy machine do not change.
    /// </summary>
    /// <param name="process">Of one slot.</param>
    /// <param name="large">A picture that takes seconds.</param>
    /// <param name="small">One that takes next to nothing.</param>
    /// <param name="query">Parameters of both.</param>
    public static async Task MustEndAsync(ConverterProcess process, byte[] large, byte[] small, string query)
    {
        await process.Client.ConvertedAsync(small, query);
        var before = process.CpuSeconds;
        await process.Client.ConvertedAsync(large, query);
        var whole = process.CpuSeconds - before;

        before = process.CpuSeconds;
        using var abort = new CancellationTokenSource();
        var call = process.Client.ConvertUntilAsync(new ByteArrayContent(large), query, abort.Token);
        await Until.TrueAsync(
            "a tenth of the work is done",
            ConverterProcess.TimeLimit,
            () => Task.FromResult(process.CpuSeconds - before > 0.1 * whole),
            TestContext.Current.CancellationToken);
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await MustBecomeFreeAsync(process.Client, small);

        Assert.InRange(process.CpuSeconds - before, 0, 0.75 * whole);
    }

    /// <summary>Asks until there is a slot: it is released when the work has really ended.</summary>
    public static Task MustBecomeFreeAsync(ConverterClient client, byte[] small) => Until.TrueAsync(
        "a slot is free",
        ConverterProcess.TimeLimit,
        async () => (await client.ConvertAsync(small)).Status == HttpStatusCode.OK,
        TestContext.Current.CancellationToken);
}
