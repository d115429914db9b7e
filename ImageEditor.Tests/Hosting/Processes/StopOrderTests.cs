using Aspire.Hosting.Running;

namespace ImageEditor.Tests.Hosting.Processes;

public sealed class StopOrderTests
{
    [Fact]
    public async Task RunAsync_WaitsReferencesAndCircles_StopsDependentsFirstAndAll()
    {
        var (store, service, converter, gateway) = (Resource("store"), Resource("service"), Resource("converter"), Resource("gateway"));
        service.Annotations.Add(new WaitAnnotation(store, WaitType.WaitUntilHealthy));
        service.Annotations.Add(new ResourceReferenceAnnotation(converter));
        converter.Annotations.Add(new ResourceReferenceAnnotation(service));
        gateway.Annotations.Add(new WaitAnnotation(service, WaitType.WaitUntilHealthy));
        service.Annotations.Add(new ResourceReferenceAnnotation(gateway));
        var stopped = new List<string>();

        await new StopOrder([store, service, converter, gateway]).RunAsync(resource =>
        {
            stopped.Add(resource.Name);
            return Task.CompletedTask;
        });

        Assert.Equal(4, stopped.Count);
        Assert.True(stopped.IndexOf("gateway") < stopped.IndexOf("service"));
        Assert.True(stopped.IndexOf("service") < stopped.IndexOf("store"));
    }

    private static ProjectResource Resource(string name) => new(name);
}
