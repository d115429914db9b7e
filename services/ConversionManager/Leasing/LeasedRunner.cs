using System.Diagnostics;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Runs one attempt at leased work, and renews the lease meanwhile.</summary>
/// <param name="activity">The name of the attempt's activity.</param>
/// <param name="attemptTag">The name of the activity's tag with the attempt's number.</param>
/// <param name="kind">What is leased.</param>
/// <param name="keeper">Renews the lease.</param>
/// <param name="time">The clock.</param>
internal abstract class LeasedRunner<TClaim>(string activity, string attemptTag, LeaseKind kind, LeaseKeeper keeper, TimeProvider time)
    where TClaim : LeaseClaim
{
    protected TimeProvider Time => time;

    /// <summary>Runs the attempt to its end. What goes wrong in it is reported to the job manager, and not thrown.</summary>
    /// <param name="claim">The lease, and what there is to do.</param>
    /// <param name="abort">Cancelled when the work has to be released: this process ends.</param>
    public async Task RunAsync(TClaim claim, CancellationToken abort)
    {
        using var span = LeaseTelemetry.StartActivity(claim, activity, attemptTag);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var progress = new AttemptProgress();
        using var lease = keeper.Hold(kind, claim, progress, stop.CancelAsync);
        try
        {
            if (!await WorkAsync(claim, progress, stop.Token))
            {
                LogLeaseLost(claim);
            }
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            await ReleaseAsync(claim);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogLeaseLost(claim);
        }
        catch (Exception exception)
        {
            // A fault of this program must cost the work a counted try, not a lease and a slot.
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            await ReportCrashAsync(claim, exception);
        }
    }

    /// <summary>Does the work, and reports how it ended.</summary>
    /// <param name="claim">The lease, and what there is to do.</param>
    /// <param name="progress">Is reported with the renewals of the lease.</param>
    /// <param name="stop">Cancelled when the lease is lost, and when the work has to be released.</param>
    /// <returns>False when the lease is lost.</returns>
    protected abstract Task<bool> WorkAsync(TClaim claim, AttemptProgress progress, CancellationToken stop);

    /// <summary>Logs that this process stops, and leaves the work to another one.</summary>
    protected abstract Task ReleaseAsync(TClaim claim);

    /// <summary>Logs a fault of this program, and reports it.</summary>
    protected abstract Task ReportCrashAsync(TClaim claim, Exception exception);

    protected abstract void LogLeaseLost(TClaim claim);
}
