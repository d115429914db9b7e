using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.ConversionManager.Tests.Leasing;

public sealed class LeaseKeeperTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLeases _leases;
    private readonly List<(double Second, int Leases)> _renewals = [];
    private readonly List<string> _lost = [];

    public LeaseKeeperTests()
    {
        // Without a context a timer's tick goes on with what awaits it before the clock moves on.
        SynchronizationContext.SetSynchronizationContext(null);
        _leases = new FakeLeases(_time);
        _leases.Answer = Renewed;
    }

    public void Dispose() => _leases.Dispose();

    [Fact]
    public async Task Keep_SeveralLeases_RenewsThemTogetherEachSecond()
    {
        using var first = Hold("first");
        using var second = Hold("second");
        await using var keeping = _leases.Keep();

        Advance(seconds: 3);

        Assert.Equal([(1, 2), (2, 2), (3, 2)], _renewals);
    }

    [Fact]
    public async Task Keep_LeaseThatIsGivenBack_IsNotRenewedAnyMore()
    {
        var lease = Hold("first");
        await using var keeping = _leases.Keep();
        Advance(seconds: 1);

        lease.Dispose();
        Advance(seconds: 5);

        Assert.Equal([(1, 1)], _renewals);
    }

    [Fact]
    public async Task Keep_AfterARenewalThatFailed_TriesAgainSoon()
    {
        using var lease = Hold("first");
        await using var keeping = _leases.Keep();
        _leases.Answer = leases =>
        {
            Renewed(leases);
            return _renewals.Count < 3 ? throw new LeasesNotRenewedException(new HttpRequestException("No job manager answers.")) : [];
        };

        Advance(seconds: 3);

        Assert.Equal([(1, 1), (1.25, 1), (1.5, 1), (2.5, 1)], _renewals);
    }

    [Fact]
    public async Task Keep_LeaseThatIsLost_StopsItsWorkAlone()
    {
        using var first = Hold("first");
        using var second = Hold("second");
        await using var keeping = _leases.Keep();
        _leases.Answer = leases => [leases.Index().Single(lease => lease.Item.Claim.JobId == "second").Index];

        Advance(seconds: 1);

        Assert.Equal(["second"], _lost);
    }

    [Fact]
    public async Task Lose_LeaseWhoseWorkHasEnded_DoesNothing()
    {
        var lease = Hold("first");
        lease.Dispose();

        await lease.LoseAsync();

        Assert.Empty(_lost);
    }

    private HeldLease Hold(string job) => _leases.Keeper.Hold(
        LeaseKind.Job,
        new Claim { JobId = job, Attempt = 1, Converter = "contrast", HeartbeatSeconds = 1 },
        new AttemptProgress(),
        () =>
        {
            _lost.Add(job);
            return Task.CompletedTask;
        });

    private IReadOnlyList<int> Renewed(IReadOnlyList<HeldLease> leases)
    {
        _renewals.Add(((_time.GetUtcNow() - _time.Start).TotalSeconds, leases.Count));
        return [];
    }

    private void Advance(int seconds)
    {
        for (var step = 0; step < seconds * 20; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.05));
        }
    }

    private sealed record Claim : LeaseClaim;
}
