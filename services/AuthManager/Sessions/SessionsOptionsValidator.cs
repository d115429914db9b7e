using ImageEditor.AuthManager.Keys;
using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Sessions;

/// <summary>Fails the start when lifetimes do not fit together.</summary>
internal sealed class SessionsOptionsValidator(IOptions<KeysOptions> keys) : IValidateOptions<SessionsOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionsOptions options) => new ValidateOptionsResultBuilder()
        .Require(options.AccessLifetime > TimeSpan.Zero, "Sessions:AccessLifetime must be positive.")
        .Require(
            options.AccessLifetime <= keys.Value.PublicationLead,
            $"Sessions:AccessLifetime ({options.AccessLifetime}) must not be longer than Keys:PublicationLead "
            + $"({keys.Value.PublicationLead}), or tokens would outlive the key that they are checked with.")
        .Require(
            options.RefreshLifetime > options.AccessLifetime,
            $"Sessions:RefreshLifetime ({options.RefreshLifetime}) must be longer than Sessions:AccessLifetime ({options.AccessLifetime}).")
        .Require(
            options.SessionLifetime >= options.RefreshLifetime,
            $"Sessions:SessionLifetime ({options.SessionLifetime}) must not be shorter than "
            + $"Sessions:RefreshLifetime ({options.RefreshLifetime}).")
        .Require(options.ReuseGrace >= TimeSpan.Zero, "Sessions:ReuseGrace must not be negative.")
        .Require(options.CleanUpInterval > TimeSpan.Zero, "Sessions:CleanUpInterval must be positive.")
        .Build();
}
