using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Claims the jobs of one program's converters and runs them, each while its converter is up.</summary>
internal sealed partial class ConversionWorker(
    ConverterProgram program,
    ConverterCatalog catalog,
    AttemptClient attempts,
    AttemptRunner runner,
    ConversionSlots slots,
    RecipePlaces recipes,
    IOptions<LeasingOptions> leasing,
    TimeProvider time,
    ILogger<ConversionWorker> logger)
    : LeasedWorker<AttemptClaim>(runner, slots.Of(program), leasing, time)
{
    /// <summary>How long a claim waits while no recipe can be run: soon one can.</summary>
    private static readonly TimeSpan WaitWithoutRecipes = TimeSpan.FromSeconds(1);

    /// <summary>The converters that the last claim named.</summary>
    private IReadOnlyList<string> _named = [.. program.Converters.Select(converter => converter.Name)];

    protected override CancellationToken WhileReady
    {
        get
        {
            var unchanged = program.WhileUnchanged;
            return program.Claimable.Count > 0 ? unchanged : new CancellationToken(canceled: true);
        }
    }

    protected override async Task<bool> WaitUntilReadyAsync(CancellationToken stopping)
    {
        var isReady = await program.WaitUntilClaimableAsync(stopping);

        // Before the first claim since they are up.
        foreach (var converter in program.Converters.Where(converter => converter.IsUp))
        {
            slots.ForgetUnlessStillUp(converter);
        }

        return isReady;
    }

    protected override Task<AttemptClaim?> ClaimAsync(string token, TimeSpan wait, CancellationToken cancellationToken)
    {
        var takesRecipes = recipes.IsAnyFree;
        if (program.Claimable is { Count: > 0 } claimable)
        {
            // Else all went down, and it is asked for what was granted before.
            _named = claimable;
        }

        return attempts.ClaimAsync(
            token,
            _named,
            takesRecipes,
            takesRecipes || wait < WaitWithoutRecipes ? wait : WaitWithoutRecipes,
            cancellationToken);
    }

    protected override bool CanRun(AttemptClaim claim) => catalog.Find(claim.Converter) is { IsUp: true };

    protected override Task ReleaseAsync(AttemptClaim claim, bool atOnce)
    {
        claim.StoredResult?.TrySetResult(null);
        return attempts.FailAsync(claim, atOnce ? JobFailures.Released : JobFailures.ConverterUnreachable, CancellationToken.None);
    }

    protected override void LogClaimFailed(string reason) => Log.ClaimFailed(logger, program.Address, reason);

    protected override void LogAttemptLost(Exception exception, AttemptClaim claim) =>
        Log.AttemptLost(logger, exception, claim.ShortId, claim.Attempt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No claim for {Program} could be made: {Reason}", EventName = "ClaimFailed")]
        public static partial void ClaimFailed(ILogger logger, string program, string reason);

        [LoggerMessage(
            LogLevel.Error, "Job {JobId} attempt {Attempt} could not be ended; the lease expires", EventName = "AttemptLost")]
        public static partial void AttemptLost(ILogger logger, Exception exception, string jobId, int attempt);
    }
}
