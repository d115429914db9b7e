using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.Gateway.Authentication;

/// <summary>Fails the start when keys and revocations would never be fetched.</summary>
internal sealed class AuthenticationOptionsValidator : IValidateOptions<AuthenticationOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthenticationOptions options) =>
        new ValidateOptionsResultBuilder().RequirePositive(AuthenticationOptions.Section, options).Build();
}
