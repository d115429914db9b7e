using ImageEditor.ConversionManager.Submissions;
using Microsoft.Extensions.Options;

namespace ImageEditor.Tests.Unit.ConversionManager;

public sealed class UploadRoomTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_MoreThanThereIsRoomFor_IsTurnedAwayAndTheRoomComesBack()
    {
        var room = new UploadRoom(Options.Create(new SubmissionOptions { UploadBytes = 1_000 }));
        using (var first = room.Open())
        {
            await ReadAsync(first, 600);
            using (var second = room.Open())
            {
                await Assert.ThrowsAsync<UploadRoomFullException>(() => ReadAsync(second, 600));
            }

            using var third = room.Open();
            await ReadAsync(third, 400);
        }

        using var last = room.Open();
        await ReadAsync(last, 1_000);
    }

    private static async Task ReadAsync(UploadRoom.Share share, int bytes)
    {
        await using var body = new CountedStream(new MemoryStream(new byte[bytes]), share);
        await body.CopyToAsync(Stream.Null, Cancelled);
    }
}
