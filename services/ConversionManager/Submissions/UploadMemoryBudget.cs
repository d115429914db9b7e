using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>
/// The memory that uploads may take together. Bytes are counted as they arrive: a sender that is slow, or announces much, takes little.
/// </summary>
internal sealed class UploadMemoryBudget(IOptions<SubmissionOptions> options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private long _used;

    private long Limit => options.Value.UploadMemoryBytes;

    /// <summary>Begins a request's reservation, which is empty at first. Disposing it releases all of it.</summary>
    public Reservation Reserve() => new(this);

    /// <summary>The memory that one request takes.</summary>
    internal sealed class Reservation(UploadMemoryBudget budget) : IDisposable
    {
        private long _bytes;

        /// <summary>Counts bytes that have arrived.</summary>
        /// <exception cref="ProblemException">They exceed the budget.</exception>
        public void Add(int bytes)
        {
            _bytes += bytes;
            if (Interlocked.Add(ref budget._used, bytes) > budget.Limit)
            {
                throw ProblemTypes.Unavailable.Refuse("Too many images are being sent in at once; try again in a moment.", RetryAfter);
            }
        }

        public void Dispose() => Interlocked.Add(ref budget._used, -Interlocked.Exchange(ref _bytes, 0));
    }
}
