using System.Net.Http.Json;
using System.Text.Json;

namespace ImageEditor.Testing.Systems;

/// <summary>Reads what the system saved, and makes saving fail.</summary>
public sealed class FakeStorageManagerClient(HttpClient http) : IDisposable
{
    /// <summary>Everything that was saved.</summary>
    public async Task<IReadOnlyList<RecordedPicture>> PicturesAsync(CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<IReadOnlyList<RecordedPicture>>("/pictures", cancellationToken))!;

    /// <summary>How many saves were asked for, whatever came of them.</summary>
    public Task<int> CallsAsync(CancellationToken cancellationToken) => http.GetFromJsonAsync<int>("/calls", cancellationToken);

    /// <summary>How saves are answered from now on; 204 saves.</summary>
    public Task AnswerAsync(int status, CancellationToken cancellationToken) => PutAsync($"/answer?status={status}", cancellationToken);

    /// <summary>Pictures are saved, but the answer is paused until this is turned off.</summary>
    public Task PauseAsync(bool on, CancellationToken cancellationToken) => PutAsync($"/pause?on={on}", cancellationToken);

    /// <summary>Waits for a job's picture.</summary>
    public async Task<RecordedPicture> WaitForAsync(string jobId, TimeSpan within, CancellationToken cancellationToken)
    {
        RecordedPicture? picture = null;
        await Until.TrueAsync(
            $"{jobId} is saved",
            within,
            async () => (picture = (await PicturesAsync(cancellationToken)).SingleOrDefault(saved => saved.JobId == jobId)) is not null,
            cancellationToken);
        return picture!;
    }

    public void Dispose() => http.Dispose();

    private async Task PutAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await http.PutAsync(new Uri(path, UriKind.Relative), content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}

/// <summary>A picture that was saved.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="JobId">The job it came from.</param>
/// <param name="Metadata">What was said about it.</param>
/// <param name="Parts">The images, by the names of their parts.</param>
/// <param name="Times">How often it was saved.</param>
public sealed record RecordedPicture(
    string Owner, string JobId, JsonElement Metadata, IReadOnlyDictionary<string, RecordedPart> Parts, int Times);

/// <summary>An image that was saved.</summary>
/// <param name="ContentType">Its media type, as it was sent.</param>
/// <param name="Sha256">The digest of its bytes, in lower-case hexadecimal digits.</param>
/// <param name="Bytes">How many there are.</param>
public sealed record RecordedPart(string? ContentType, string Sha256, int Bytes);
