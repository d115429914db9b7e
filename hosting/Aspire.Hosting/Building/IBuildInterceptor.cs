namespace Aspire.Hosting;

/// <summary>Lets tests run an AppHost's own entry point and take over between describing, building and running.</summary>
internal interface IBuildInterceptor
{
    /// <summary>The interceptor of the entry point that runs in this flow of control; null outside tests.</summary>
    static AsyncLocal<IBuildInterceptor?> Current { get; } = new();

    /// <summary>The settings to build with, given the entry point's arguments.</summary>
    HostSettings Configure(string[] args);

    /// <summary>The entry point has described the application. Blocks until it is to be built.</summary>
    void Describing(DistributedApplicationBuilder builder);

    /// <summary>The application is built.</summary>
    void Built(DistributedApplication application);

    /// <summary>Takes the place of running: ends when the test is done with the application.</summary>
    Task RunAsync(DistributedApplication application);

    /// <summary>The application is stopped and disposed.</summary>
    ValueTask DisposedAsync();
}
