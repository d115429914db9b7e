using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.ServiceDefaults.Stores;

namespace ImageEditor.AuthManager.Database;

/// <summary>Calls a service that uses the database, for requests. A call does not wait for a database that is silent.</summary>
/// <remarks>
/// Each call has its own scope: an abandoned call continues with its connection and its entities after the request has ended.
/// </remarks>
/// <typeparam name="TService">The service.</typeparam>
internal sealed class DatabaseCalls<TService>(IServiceScopeFactory scopes, StoreWatch watch, ILogger<DatabaseCalls<TService>> logger)
    where TService : notnull
{
    /// <summary>Calls the service.</summary>
    /// <exception cref="ProblemException">
    /// The database is not available. The call has changed nothing, unless its commit was sent before.
    /// </exception>
    public async Task<T> RunAsync<T>(Func<TService, Task<T>> call)
    {
        try
        {
            return await watch.RunAsync(async abandoned =>
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<AccountsContext>().Abandoned = abandoned;
                return await call(scope.ServiceProvider.GetRequiredService<TService>());
            });
        }
        catch (Exception exception) when (TransientErrors.IsTransient(exception))
        {
            throw AccountsUnavailable.Refuse(logger, exception.GetBaseException().Message);
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<TService, Task> call) => RunAsync(async service =>
    {
        await call(service);
        return true;
    });
}
