using Microsoft.Extensions.Options;

namespace ImageEditor.ServiceDefaults.Configuration;

/// <summary>Checks that validators of options have in common.</summary>
public static class OptionsValidation
{
    /// <summary>Adds a failure unless the condition holds.</summary>
    /// <returns>The same result.</returns>
    public static ValidateOptionsResultBuilder Require(this ValidateOptionsResultBuilder result, bool condition, string failure)
    {
        if (!condition)
        {
            result.AddError(failure);
        }

        return result;
    }

    /// <summary>Adds a failure for every number and every duration that is not above zero.</summary>
    /// <returns>The same result.</returns>
    public static ValidateOptionsResultBuilder RequirePositive(this ValidateOptionsResultBuilder result, string section, object options)
    {
        foreach (var property in options.GetType().GetProperties())
        {
            var isPositive = property.GetValue(options) switch
            {
                int number => number > 0,
                long number => number > 0,
                TimeSpan duration => duration > TimeSpan.Zero,
                _ => true,
            };
            result.Require(isPositive, $"{section}:{property.Name} must be positive.");
        }

        return result;
    }
}
