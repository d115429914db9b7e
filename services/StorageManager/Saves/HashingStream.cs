using System.Security.Cryptography;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.ServiceDefaults.Streams;

namespace ImageEditor.StorageManager.Saves;

/// <summary>Counts and hashes the bytes of a part of a request while they are read, and refuses a part that is too long.</summary>
internal sealed class HashingStream(Stream inner, string name, long limit) : AsyncReadStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many bytes were read.</summary>
    public long Bytes { get; private set; }

    /// <summary>SHA-256 of the bytes that were read.</summary>
    public byte[] Hash() => _hash.GetCurrentHash();

    /// <exception cref="ProblemException">The part is too long, or the connection broke.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw ProblemTypes.InvalidParameters.Refuse($"The part '{name}' broke off.");
        }

        Bytes += read;
        if (Bytes > limit)
        {
            throw ProblemTypes.TooLarge.Refuse($"The part '{name}' has more than {limit} bytes; send a smaller image.");
        }

        _hash.AppendData(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
