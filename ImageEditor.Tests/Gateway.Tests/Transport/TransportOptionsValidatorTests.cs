using ImageEditor.Gateway.Transport;

namespace ImageEditor.Gateway.Tests.Transport;

public sealed class TransportOptionsValidatorTests
{
    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("fd00::/8", true)]
    [InlineData("proxy.example.org", false)]
    public void Validate_TrustedProxy_MustBeANetwork(string proxy, bool isValid)
    {
        var result = new TransportOptionsValidator().Validate(null, new TransportOptions { TrustedProxies = { proxy } });

        Assert.Equal(isValid, result.Succeeded);
        Assert.Equal(isValid, result.FailureMessage?.Contains(proxy, StringComparison.Ordinal) != true);
    }
}
