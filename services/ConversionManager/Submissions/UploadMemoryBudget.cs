using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>The memory that images on their way in may take together, counted as their bytes arrive: a sender that is slow, or only promises much, holds little.</summary>
internal sealed class UploadMemoryBudget(IOptions<SubmissionOptions> options)
{
    private long _used;

    private long Limit => options.Value.UploadMemoryBytes;

    /// <summary>Opens a request's share. Disposing it gives back all of it.</summary>
    public Reservation Reserve() => new(this);

    /// <summary>What one request holds.</summary>
    internal sealed class Reservation(UploadMemoryBudget budget) : IDisposable
    {
        private long _held;

        /// <summary>Counts bytes that have arrived.</summary>
        /// <exception cref="UploadRoomFullException">There is no room for them.</exception>
        public void Add(int bytes)
        {
            _held += bytes;
            if (Interlocked.Add(ref budget._used, bytes) > budget.Limit)
            {
                throw new UploadRoomFullException();
            }
        }

        public void Dispose() => Interlocked.Add(ref budget._used, -Interlocked.Exchange(ref _held, 0));
    }
}

/// <summary>More images are on their way in than this process may hold.</summary>
internal sealed class UploadRoomFullException : Exception
{
    public static Problem Problem => ProblemTypes.Unavailable.Create("Too many images are being sent in at once; try again in a moment.", TimeSpan.FromSeconds(2));
}
