namespace ImageEditor.AppHost;

internal static class GeneratedSecrets
{
    private const int Characters = 43;

    /// <summary>Adds a secret that is made up at the first start and kept: 43 letters and digits, more than 256 bits.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = Characters, Special = false }, secret: true, persist: true);
}
