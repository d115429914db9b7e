using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Tests.Submissions;

public sealed class UploadMemoryBudgetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_MoreThanTheBudget_IsRefusedAndReleasedMemoryIsFreeAgain()
    {
        var budget = new UploadMemoryBudget(Options.Create(new SubmissionOptions { UploadMemoryBytes = 1_000 }));
        using (var first = budget.Reserve())
        {
            await ReadAsync(first, 600);
            using (var second = budget.Reserve())
            {
                var refusal = await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(second, 600));
                Assert.Equal(503, refusal.Problem.StatusCode);
                Assert.True(refusal.Problem.RetryAfter > TimeSpan.Zero);
            }

            using var third = budget.Reserve();
            await ReadAsync(third, 400);
        }

        using var last = budget.Reserve();
        await ReadAsync(last, 1_000);
    }

    private static async Task ReadAsync(UploadMemoryBudget.Reservation memory, int bytes)
    {
        await using var body = new UploadCountingStream(new MemoryStream(new byte[bytes]), memory);
        await body.CopyToAsync(Stream.Null, Cancellation);
    }
}
