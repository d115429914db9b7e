using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageEditor.ConversionManager.Tests.Leasing;

/// <summary>A job manager that answers renewals as a test says, and the keeper that asks it.</summary>
internal sealed class FakeLeases : ILeaseClient, IDisposable
{
    public FakeLeases(TimeProvider? time = null) => Keeper = new LeaseKeeper(this, time ?? TimeProvider.System, NullLogger<LeaseKeeper>.Instance);

    public LeaseKeeper Keeper { get; }

    /// <summary>Which of the leases are lost, or an exception.</summary>
    public Func<IReadOnlyList<HeldLease>, IReadOnlyList<int>> Answer { get; set; } = _ => [];

    public Task<IReadOnlyList<int>> RenewAsync(IReadOnlyList<HeldLease> leases, CancellationToken cancellationToken) =>
        Task.FromResult(Answer(leases));

    /// <summary>Renews until what is returned is disposed.</summary>
    public IAsyncDisposable Keep() => new Keeping(Keeper);

    public void Dispose() => Keeper.Dispose();

    private sealed class Keeping : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _run;

        public Keeping(LeaseKeeper keeper) => _run = keeper.RunAsync(_stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run;
            _stop.Dispose();
        }
    }
}
