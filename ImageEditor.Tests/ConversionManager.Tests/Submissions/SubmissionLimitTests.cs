using System.Net;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ConversionManager.Tests.Waiting;
using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Tests.Submissions;

/// <summary>How many bytes a picture may have, and what has to be as large.</summary>
public sealed class SubmissionLimitTests
{
    private const int MaxBytes = 100_000;

    [Theory]
    [InlineData(MaxBytes, HttpStatusCode.Accepted)]
    [InlineData(MaxBytes + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Submit_OfAPictureAroundTheLimit_IsTakenUpToIt(int bytes, HttpStatusCode expected)
    {
        await using var server = await WaitingServer.StartAsync(("Pictures:MaxBytes", $"{MaxBytes}"));
        var picture = LargePicture.Create(bytes - LargePicture.Create(0).Length);
        using var raw = new ByteArrayContent(picture);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(picture), "image", "image.png" } };

        Assert.Equal(bytes, picture.Length);
        Assert.Equal(expected, (await server.SendAsync(raw)).Status);
        Assert.Equal(expected, (await server.SendAsync(form)).Status);
    }

    /// <summary>Both images of a form are there twice for a while, as they came and as they are stored.</summary>
    [Fact]
    public async Task Submit_OfSeveralImages_TakesRoomForTheirForm()
    {
        const int Bytes = 500_000;
        await using var server = await WaitingServer.StartAsync(("Conversions:UploadMemoryBytes", $"{3 * Bytes}"));
        var picture = LargePicture.Create(Bytes);
        using var one = new MultipartFormDataContent { { new ByteArrayContent(picture), "image", "image.png" } };
        using var two = new MultipartFormDataContent
        {
            { new ByteArrayContent(picture), "image", "image.png" },
            { new ByteArrayContent(picture), "style", "style.png" },
        };

        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync(one)).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.SendAsync(two)).Status);
    }

    [Theory]
    [InlineData(4 * MaxBytes, true)]
    [InlineData((4 * MaxBytes) - 1, false)]
    public void Validate_OfRoomForUploads_TakesWhatHoldsTheLargestRequest(long room, bool isTaken)
    {
        var validator = new SubmissionOptionsValidator(Options.Create(new PictureOptions { MaxBytes = MaxBytes }));

        var result = validator.Validate(name: null, new SubmissionOptions { UploadMemoryBytes = room });

        Assert.Equal(isTaken, result.Succeeded);
        if (!isTaken)
        {
            Assert.Contains("Conversions:UploadMemoryBytes", result.FailureMessage, StringComparison.Ordinal);
            Assert.Contains("Pictures:MaxBytes", result.FailureMessage, StringComparison.Ordinal);
        }
    }
}
