using Microsoft.Extensions.Configuration;

namespace ImageEditor.AppHost.Configuration;

internal static class ResourceSettings
{
    private const string Section = "Settings";

    /// <summary>
    /// Hands what stands in the configuration below <c>Settings:RESOURCE:</c> to that resource's environment:
    /// <c>--Settings:gateway:Limits:SubmissionsPerSecond=1000</c>. What stands below <c>Ports:RESOURCE:ENDPOINT</c> is that endpoint's
    /// port. The start fails when there is no such resource or endpoint.
    /// </summary>
    public static void ApplySettings(this IDistributedApplicationBuilder builder) =>
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            var resources = start.Model.Resources.OfType<IResourceWithEnvironment>()
                .Where(resource => !resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
                .ToList();
            foreach (var section in builder.Configuration.GetSection(Section).GetChildren())
            {
                var resource = builder.CreateResourceBuilder(Find(section, resources, resource => resource.Name));
                foreach (var (key, value) in section.AsEnumerable(makePathsRelative: true).Where(setting => setting.Value is not null))
                {
                    resource.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), value);
                }
            }

            foreach (var section in builder.Configuration.GetSection("Ports").GetChildren())
            {
                var endpoints = Find(section, resources, resource => resource.Name).Annotations.OfType<EndpointAnnotation>().ToList();
                foreach (var setting in section.GetChildren())
                {
                    Find(setting, endpoints, endpoint => endpoint.Name).Port = setting.Get<int>();
                }
            }

            return Task.CompletedTask;
        });

    /// <summary>Whether the configuration says what a variable of a resource's environment is.</summary>
    public static bool IsSet(this IDistributedApplicationBuilder builder, IResource resource, string variable) =>
        builder.Configuration[$"{Section}:{resource.Name}:{variable.Replace("__", ":", StringComparison.Ordinal)}"] is not null;

    private static T Find<T>(IConfigurationSection setting, IReadOnlyList<T> among, Func<T, string> name) =>
        among.FirstOrDefault(item => string.Equals(name(item), setting.Key, StringComparison.OrdinalIgnoreCase))
            ?? throw new DistributedApplicationException(
                $"The setting '{setting.Path}' is for nothing: there is no '{setting.Key}'. "
                + $"There are {string.Join(", ", among.Select(name).Order(StringComparer.Ordinal))}.");
}
