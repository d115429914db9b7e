using Microsoft.EntityFrameworkCore;

namespace ImageEditor.AuthManager.Database;

internal static class TransactionExtensions
{
    /// <summary>Does some work in a transaction, and retries it when the connection breaks before the commit.</summary>
    public static async Task InTransactionAsync(this AccountsContext database, Func<Task> work, CancellationToken cancellationToken) =>
        await database.InTransactionAsync(
            async () =>
            {
                await work();
                return true;
            },
            cancellationToken);

    /// <summary>Does some work in a transaction, and retries it when the connection breaks before the commit.</summary>
    public static Task<T> InTransactionAsync<T>(this AccountsContext database, Func<Task<T>> work, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(
            async cancel =>
            {
                database.ChangeTracker.Clear();
                await using var transaction = await database.Database.BeginTransactionAsync(cancel);
                var result = await work();

                // The caller was answered that it failed. A token that was rotated now would look stolen when its owner tries again.
                database.Abandoned.ThrowIfCancellationRequested();
                await transaction.CommitAsync(cancel);
                return result;
            },
            cancellationToken);
}
