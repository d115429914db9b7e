using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>
/// One run of an AppHost's entry point, on a thread of its own. It describes the application, stops at <c>Build</c> until the test builds, and
/// at <c>Run</c> until the test is done; the test starts the application itself.
/// </summary>
internal sealed class EntryPointRun(Assembly appHost, string[] args) : IBuildInterceptor
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _described = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _build = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _data = Directory.CreateTempSubdirectory("apphost-test-").FullName;
    private Task _entryPoint = Task.CompletedTask;

    public Task<DistributedApplicationBuilder> DescribeAsync(CancellationToken cancellationToken)
    {
        _entryPoint = Task.Factory.StartNew(RunEntryPoint, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return _described.Task.WaitAsync(cancellationToken);
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _build.TrySetResult();
        return _built.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Stops the application, lets the entry point end, and removes the data.</summary>
    public async Task EndAsync()
    {
        _build.TrySetCanceled();
        if (_built.Task.IsCompletedSuccessfully)
        {
            await (await _built.Task).DisposeAsync();
        }

        await LetGoAsync();
    }

    HostSettings IBuildInterceptor.Configure(string[] entryPointArgs) =>
        new([.. entryPointArgs, $"--Hosting:DataDirectory={_data}", .. args], appHost, IsTest: true);

    void IBuildInterceptor.Describing(DistributedApplicationBuilder builder)
    {
        _described.TrySetResult(builder);
        _build.Task.GetAwaiter().GetResult();
    }

    void IBuildInterceptor.Built(DistributedApplication application) => _built.TrySetResult(application);

    Task IBuildInterceptor.RunAsync(DistributedApplication application) => _done.Task;

    /// <summary>The application is stopped, by whoever disposed it.</summary>
    async ValueTask IBuildInterceptor.DisposedAsync() => await LetGoAsync();

    private async Task LetGoAsync()
    {
        _done.TrySetResult();
        await _entryPoint;
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    private void RunEntryPoint()
    {
        IBuildInterceptor.Current.Value = this;
        try
        {
            var main = appHost.EntryPoint ?? throw new InvalidOperationException($"'{appHost.GetName().Name}' has no entry point.");
            var result = main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
            if (result is Task task)
            {
                task.GetAwaiter().GetResult();
            }

            Fail(new InvalidOperationException($"The entry point of '{appHost.GetName().Name}' ended before it built and ran an application."));
        }
        catch (TargetInvocationException exception)
        {
            // The AppHost's own mistake, which is the test's to see.
            Fail(exception.InnerException!);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        _described.TrySetException(exception);
        _built.TrySetException(exception);
    }
}
