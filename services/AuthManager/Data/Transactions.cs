using Microsoft.EntityFrameworkCore;

namespace ImageEditor.AuthManager.Data;

internal static class Transactions
{
    /// <summary>Does several things as one, again from the start when the connection broke before they counted.</summary>
    public static async Task InTransactionAsync(this AccountsContext database, Func<Task> work, CancellationToken cancellationToken) =>
        await database.InTransactionAsync(
            async () =>
            {
                await work();
                return true;
            },
            cancellationToken);

    /// <summary>Does several things as one, again from the start when the connection broke before they counted.</summary>
    public static Task<T> InTransactionAsync<T>(this AccountsContext database, Func<Task<T>> work, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(
            async cancel =>
            {
                database.ChangeTracker.Clear();
                await using var transaction = await database.Database.BeginTransactionAsync(cancel);
                var result = await work();

                // Who asked was told that it did not happen. A token that was rotated now would be one reused, when its owner asks again.
                database.CutOff.ThrowIfCancellationRequested();
                await transaction.CommitAsync(cancel);
                return result;
            },
            cancellationToken);
}
