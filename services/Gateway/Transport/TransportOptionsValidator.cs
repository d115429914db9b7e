using System.Net;
using Microsoft.Extensions.Options;

namespace ImageEditor.Gateway.Transport;

/// <summary>Fails the start when a trusted proxy is no network.</summary>
internal sealed class TransportOptionsValidator : IValidateOptions<TransportOptions>
{
    public ValidateOptionsResult Validate(string? name, TransportOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var network in options.TrustedProxies.Where(text => !IPNetwork.TryParse(text, out _)))
        {
            result.AddError($"Gateway:TrustedProxies has '{network}'; it must be a network in CIDR notation, such as 10.0.0.0/8.");
        }

        return result.Build();
    }
}
