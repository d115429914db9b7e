namespace ImageEditor.Gateway.Certificates;

internal static class DevelopmentCertificateExtensions
{
    /// <summary>
    /// The certificate's path. It is not set in a cluster, where TLS ends at the ingress or a real certificate is configured.
    /// </summary>
    private const string PathSetting = "Gateway:DevelopmentCertificate";

    /// <summary>Serves https with a development certificate when its path is set and Kestrel has no certificate configured.</summary>
    public static void AddDevelopmentCertificate(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[PathSetting] is not { Length: > 0 } path
            || builder.Configuration.GetSection("Kestrel:Certificates:Default").Exists())
        {
            return;
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
            https.ServerCertificate = DevelopmentCertificate.LoadOrCreate(path, TimeProvider.System)));
    }
}
