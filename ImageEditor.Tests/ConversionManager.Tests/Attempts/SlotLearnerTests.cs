using ImageEditor.ConversionManager.Attempts;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.ConversionManager.Tests.Attempts;

public sealed class SlotLearnerTests
{
    private const int Most = 64;

    private readonly FakeTimeProvider _time = new();
    private readonly SlotLearner _learner;

    public SlotLearnerTests() => _learner = new SlotLearner(Most, _time);

    [Fact]
    public void Slots_AtFirst_AreOne() => Assert.Equal(1, _learner.Slots);

    [Fact]
    public void Slots_WhileAllAreInUseAndTheConverterTakesCalls_GrowToTheMost()
    {
        foreach (var slots in Enumerable.Range(1, Most + 3).Select(slots => Math.Min(slots, Most)))
        {
            Assert.Equal(slots, _learner.Slots);
            _learner.Learn(isFull: false, taken: slots);
        }
    }

    [Fact]
    public void Slots_WhileSomeAreFree_Stay()
    {
        Grow(8);

        Take(100, taken: 7);

        Assert.Equal(8, _learner.Slots);
    }

    [Fact]
    public void Slots_WhenMostCallsAreRefused_FallBelowWhatIsInUse()
    {
        Grow(8);

        Refuse(40, taken: 5);

        Assert.Equal(4, _learner.Slots);
    }

    [Fact]
    public void Slots_UntilAStepDownHasItsEffect_StayWhatEverIsRefused()
    {
        Grow(8);
        Refuse(40, taken: 8);
        Assert.Equal(7, _learner.Slots);

        Refuse(100, taken: 8);
        Assert.Equal(7, _learner.Slots);

        Refuse(1, taken: 7);
        Assert.Equal(6, _learner.Slots);
    }

    [Fact]
    public void Slots_WhenAllIsRefused_NeverFallBelowOne()
    {
        for (var calls = 0; calls < 100; calls++)
        {
            Refuse(1, taken: 1);
        }

        Assert.Equal(1, _learner.Slots);
    }

    /// <summary>One call that looks for a free replica behind the address is no reason for fewer.</summary>
    [Fact]
    public void Slots_AfterAFewRefusalsInSilence_Stay()
    {
        Grow(8);
        _time.Advance(TimeSpan.FromMinutes(1));

        Refuse(9, taken: 8);

        Assert.Equal(8, _learner.Slots);
    }

    [Fact]
    public void Slots_WhileSomeCallsAreRefused_StayAsTheyAre()
    {
        Grow(8);

        for (var round = 0; round < 100; round++)
        {
            Take(2, taken: 8);
            Refuse(1, taken: 8);
        }

        Assert.InRange(_learner.Slots, 8, 10);
    }

    [Fact]
    public void Slots_SomeTimeAfterRefusals_GrowAgain()
    {
        Grow(8);
        Refuse(40, taken: 8);
        _learner.Learn(isFull: false, taken: 7);
        Assert.Equal(7, _learner.Slots);

        _time.Advance(TimeSpan.FromSeconds(30));
        _learner.Learn(isFull: false, taken: 7);

        Assert.Equal(8, _learner.Slots);
    }

    [Fact]
    public void Forget_StartsAgainFromOne()
    {
        Grow(8);
        Refuse(40, taken: 8);

        _learner.Forget();
        Assert.Equal(1, _learner.Slots);

        _learner.Learn(isFull: false, taken: 1);
        Assert.Equal(2, _learner.Slots);
    }

    private void Grow(int slots)
    {
        while (_learner.Slots < slots)
        {
            _learner.Learn(isFull: false, taken: _learner.Slots);
        }
    }

    private void Take(int calls, int taken) => Learn(calls, isFull: false, taken);

    private void Refuse(int calls, int taken) => Learn(calls, isFull: true, taken);

    private void Learn(int calls, bool isFull, int taken)
    {
        for (var call = 0; call < calls; call++)
        {
            _learner.Learn(isFull, taken);
        }
    }
}
