namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's own entry point in a test, on random ports and with data of its own.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Describes the application as the AppHost does.</summary>
    /// <typeparam name="TEntryPoint">Any type of the AppHost's assembly.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Describes the application as the AppHost does.</summary>
    /// <typeparam name="TEntryPoint">Any type of the AppHost's assembly.</typeparam>
    /// <param name="args">Configuration, as <c>--Section:Key=value</c>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Describes the application as the AppHost does.</summary>
    /// <param name="entryPoint">Any type of the AppHost's assembly.</param>
    /// <param name="args">Configuration, as <c>--Section:Key=value</c>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        var run = new EntryPointRun(entryPoint.Assembly, args);
        return new TestingBuilder(run, await run.DescribeAsync(cancellationToken));
    }
}
