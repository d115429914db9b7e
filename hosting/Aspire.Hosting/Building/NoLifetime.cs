using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Leaves signals alone: in a test they are for the test runner.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
