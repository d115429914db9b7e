using System.Net;
using System.Text;

namespace ImageEditor.StorageManager.Tests.Support;

/// <summary>A save that stops in the middle of the original until it is released.</summary>
internal sealed class PausedSave : IDisposable
{
    private readonly PausedImage _original;
    private readonly MultipartFormDataContent _form;
    private readonly Task<HttpStatusCode?> _answer;

    private PausedSave(StorageManagerProcess replica, Guid owner, TestPicture picture)
    {
        _original = new PausedImage(picture.Original);
        _original.Headers.ContentType = new("image/jpeg");
        _form = new MultipartFormDataContent
        {
            { new StringContent(picture.Metadata(), Encoding.UTF8, "application/json"), "metadata" },
            { _original, "original" },
            { TestPicture.Image(picture.Converted, "image/png"), "converted" },
        };
        _answer = SendAsync(replica, owner, picture);
    }

    /// <summary>Starts a save without thumbnail, and waits until half of its original has arrived in the file system's storage.</summary>
    public static async Task<PausedSave> StartAsync(
        Installation installation, StorageManagerProcess replica, Guid owner, TestPicture picture)
    {
        var save = new PausedSave(replica, owner, picture with { Thumbnail = null });
        await Until.TrueAsync(
            "the upload has begun", TimeSpan.FromSeconds(60), () => Task.FromResult(installation.Storage.Keys(owner).Count == 1));
        return save;
    }

    /// <summary>Lets the rest go.</summary>
    /// <returns>The answer; null when the connection broke.</returns>
    public Task<HttpStatusCode?> ReleaseAsync()
    {
        _original.Release();
        return _answer;
    }

    public void Dispose()
    {
        _original.Release();
        _form.Dispose();
    }

    private async Task<HttpStatusCode?> SendAsync(StorageManagerProcess replica, Guid owner, TestPicture picture)
    {
        try
        {
            using var response = await replica.Http.PutAsync($"/pictures/{owner}/{picture.JobId}", _form);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
