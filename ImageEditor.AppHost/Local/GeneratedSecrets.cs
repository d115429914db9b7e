using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace ImageEditor.AppHost.Local;

internal static class GeneratedSecrets
{
    /// <summary>
    /// Adds a secret that is made at the first start and kept in the data folder. <c>Parameters__NAME</c> in the environment comes before
    /// it.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new KeptSecret(DataFolder.Of(builder), name), secret: true);

    /// <summary>43 letters and digits: more than 256 bits.</summary>
    private sealed class KeptSecret(DataFolder data, string name) : ParameterDefault
    {
        private const int Characters = 43;
        private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

        public override string GetDefaultValue() =>
            data.GetOrCreateSecret(name, () => RandomNumberGenerator.GetString(Alphabet, Characters));

        public override void WriteToManifest(ManifestPublishingContext context)
        {
            context.Writer.WriteStartObject("generate");
            context.Writer.WriteNumber("minLength", Characters);
            context.Writer.WriteBoolean("special", false);
            context.Writer.WriteEndObject();
        }
    }
}
