using ImageEditor.ServiceDefaults.Stores;

namespace ImageEditor.AuthManager.Data;

/// <summary>Calls a service that works on the database, for requests. Nobody waits for a database that is silent.</summary>
/// <remarks>Each call has a scope of its own: one that is cut off goes on with its connection and what it has read, and the request ends without it.</remarks>
/// <typeparam name="TService">The service.</typeparam>
internal sealed class DatabaseCalls<TService>(IServiceScopeFactory scopes, StoreWatch watch)
    where TService : notnull
{
    /// <summary>Calls the service.</summary>
    /// <exception cref="TimeoutException">The database does not answer anything. What was asked for has not happened, unless its commit was sent already.</exception>
    public Task<T> RunAsync<T>(Func<TService, Task<T>> call) => watch.RunAsync(async cutOff =>
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<AccountsContext>().CutOff = cutOff;
        return await call(scope.ServiceProvider.GetRequiredService<TService>());
    });

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<TService, Task> call) => RunAsync(async service =>
    {
        await call(service);
        return true;
    });
}
