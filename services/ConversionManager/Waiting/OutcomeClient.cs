using System.Net;
using ImageEditor.ConversionManager.Clients;

namespace ImageEditor.ConversionManager.Waiting;

/// <summary>Waits at the job manager until a job has ended.</summary>
internal sealed class OutcomeClient(JobManagerConnection jobManager, TimeProvider time)
{
    private static readonly TimeSpan MinRetryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits for a job's end.</summary>
    /// <remarks>It outlasts job managers that stop, die or are away meanwhile: the job is stored, and goes on.</remarks>
    /// <param name="jobId">The job.</param>
    /// <param name="wait">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What <c>GET /api/jobs/{id}</c> would answer, its body not read yet; null when the time is over.</returns>
    public async Task<HttpResponseMessage?> WaitAsync(string jobId, TimeSpan wait, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var delay = MinRetryDelay;
        while (true)
        {
            var left = wait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                var response = await jobManager.OpenOutcomeAsync(jobId, left, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable))
                {
                    return response;
                }

                response.Dispose();
            }
            catch (Exception exception) when (HttpErrors.IsTransient(exception, cancellationToken))
            {
                // The job is not to blame, and another job manager knows as much of it.
            }

            left = wait - time.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left < delay ? left : delay, time, cancellationToken);
                delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
            }
        }
    }
}
