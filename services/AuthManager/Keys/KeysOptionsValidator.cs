using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Keys;

/// <summary>Fails the start without a secret, and when a key could sign before everybody knows it.</summary>
internal sealed class KeysOptionsValidator : IValidateOptions<KeysOptions>
{
    private const int MinSecretLength = 32;

    public ValidateOptionsResult Validate(string? name, KeysOptions options) => new ValidateOptionsResultBuilder()
        .RequirePositive(KeysOptions.Section, options)
        .Require(
            options.EncryptionSecret.Length >= MinSecretLength,
            $"Keys:EncryptionSecret must be a secret of at least {MinSecretLength} characters, the same for all replicas. "
            + "The AppHost generates it.")
        .Require(
            options.ReloadInterval < options.PublicationLead,
            $"Keys:PublicationLead ({options.PublicationLead}) must be longer than Keys:ReloadInterval ({options.ReloadInterval}), "
            + "or a key could sign before every replica publishes it.")
        .Require(
            options.PublicationLead < options.RotationInterval,
            $"Keys:RotationInterval ({options.RotationInterval}) must be longer than Keys:PublicationLead ({options.PublicationLead}).")
        .Build();
}
