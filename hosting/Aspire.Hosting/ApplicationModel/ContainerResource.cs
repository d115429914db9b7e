namespace Aspire.Hosting.ApplicationModel;

/// <summary>What the cluster runs as a container. On this machine its kind says which plain process stands for it.</summary>
public class ContainerResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport;
