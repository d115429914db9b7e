using System.Collections.Concurrent;
using System.Text.Json;

namespace ImageEditor.FakeStorageManager;

/// <summary>The pictures that were saved here, for tests to read, and the answer to the next saves.</summary>
internal sealed class Gallery
{
    private readonly ConcurrentDictionary<string, SavedPicture> _pictures = new(StringComparer.Ordinal);
    private volatile TaskCompletionSource _released = Released();
    private int _answer = StatusCodes.Status204NoContent;
    private int _calls;

    public IEnumerable<SavedPicture> Pictures => _pictures.Values;

    /// <summary>How many saves were requested, accepted or not.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The status that saves are answered with from now on; 204 saves.</summary>
    public int Answer
    {
        get => Volatile.Read(ref _answer);
        set => Volatile.Write(ref _answer, value);
    }

    /// <summary>Completes while saves are answered.</summary>
    public Task ReleasedAsync() => _released.Task;

    /// <summary>Pauses the answers to saves, or resumes them.</summary>
    public void Pause(bool pause)
    {
        if (pause)
        {
            _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else
        {
            _released.TrySetResult();
        }
    }

    public void Call() => Interlocked.Increment(ref _calls);

    /// <summary>Saves a picture. A picture that was saved before keeps its content; only its count grows.</summary>
    public void Save(SavedPicture picture) =>
        _pictures.AddOrUpdate(picture.JobId, picture, (_, there) => there with { Times = there.Times + 1 });

    private static TaskCompletionSource Released()
    {
        var released = new TaskCompletionSource();
        released.SetResult();
        return released;
    }
}

/// <summary>A picture that was saved.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="JobId">The job it came from.</param>
/// <param name="Metadata">What was said about it.</param>
/// <param name="Parts">The images, by the names of their parts.</param>
/// <param name="Times">How often it was saved.</param>
internal sealed record SavedPicture(
    string Owner, string JobId, JsonElement Metadata, IReadOnlyDictionary<string, SavedPart> Parts, int Times);

/// <summary>An image that was saved.</summary>
/// <param name="ContentType">Its media type, as it was sent.</param>
/// <param name="Sha256">The digest of its bytes, in lower-case hexadecimal digits.</param>
/// <param name="Bytes">How many there are.</param>
internal sealed record SavedPart(string? ContentType, string Sha256, int Bytes);
