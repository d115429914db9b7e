using ImageEditor.Gateway.Certificates;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.Gateway.Tests.Certificates;

public sealed class DevelopmentCertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("image-editor-certificate-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private string CertificatePath => Path.Combine(_folder, "certificates", "gateway.pfx");

    [Fact]
    public void LoadOrCreate_AtFirst_MakesOneForThisMachineThatOnlyItsOwnerReads()
    {
        using var certificate = DevelopmentCertificate.LoadOrCreate(CertificatePath, _time);

        Assert.True(certificate.HasPrivateKey);
        Assert.True(certificate.MatchesHostname("localhost"));
        Assert.True(certificate.MatchesHostname("127.0.0.1"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(CertificatePath));
        }
    }

    [Fact]
    public void LoadOrCreate_Again_KeepsIt()
    {
        using var first = DevelopmentCertificate.LoadOrCreate(CertificatePath, _time);
        using var second = DevelopmentCertificate.LoadOrCreate(CertificatePath, _time);

        Assert.Equal(first.Thumbprint, second.Thumbprint);
    }

    [Fact]
    public void LoadOrCreate_NearItsEnd_MakesANewOne()
    {
        using var first = DevelopmentCertificate.LoadOrCreate(CertificatePath, _time);
        _time.Advance(TimeSpan.FromDays(370));
        using var second = DevelopmentCertificate.LoadOrCreate(CertificatePath, _time);

        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.True(second.NotAfter.ToUniversalTime() > _time.GetUtcNow().AddDays(300));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
