using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Claims one converter's jobs and runs them, while the converter is up.</summary>
internal sealed partial class ConversionWorker(
    Converter converter,
    AttemptClient attempts,
    AttemptRunner runner,
    ConversionSlots slots,
    RecipePlaces recipes,
    IOptions<LeasingOptions> leasing,
    TimeProvider time,
    ILogger<ConversionWorker> logger)
    : LeasedWorker<AttemptClaim>(runner, slots.Of(converter), leasing, time)
{
    /// <summary>How long a claim waits while no recipe can be run: soon one can.</summary>
    private static readonly TimeSpan WaitWithoutRecipes = TimeSpan.FromSeconds(1);

    protected override CancellationToken WhileReady => converter.WhileUp;

    protected override async Task<bool> WaitUntilReadyAsync(CancellationToken stopping)
    {
        await converter.WaitUntilUpAsync(stopping);

        // Before the first claim since it is up.
        slots.ForgetUnlessStillUp(converter);

        // Nobody can submit jobs for an internal converter.
        return converter.Info is not { Descriptor.Public: false };
    }

    protected override Task<AttemptClaim?> ClaimAsync(string token, TimeSpan wait, CancellationToken cancellationToken)
    {
        var takesRecipes = recipes.IsAnyFree;
        return attempts.ClaimAsync(
            token,
            converter.Name,
            takesRecipes,
            takesRecipes || wait < WaitWithoutRecipes ? wait : WaitWithoutRecipes,
            cancellationToken);
    }

    protected override Task ReleaseAsync(AttemptClaim claim, bool atOnce)
    {
        claim.StoredResult?.TrySetResult(null);
        return attempts.FailAsync(claim, atOnce ? JobFailures.Released : JobFailures.ConverterUnreachable, CancellationToken.None);
    }

    protected override void LogClaimFailed(string reason) => Log.ClaimFailed(logger, converter.Name, reason);

    protected override void LogAttemptLost(Exception exception, AttemptClaim claim) =>
        Log.AttemptLost(logger, exception, claim.ShortId, claim.Attempt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No claim for {Converter} could be made: {Reason}", EventName = "ClaimFailed")]
        public static partial void ClaimFailed(ILogger logger, string converter, string reason);

        [LoggerMessage(
            LogLevel.Error, "Job {JobId} attempt {Attempt} could not be ended; the lease expires", EventName = "AttemptLost")]
        public static partial void AttemptLost(ILogger logger, Exception exception, string jobId, int attempt);
    }
}
