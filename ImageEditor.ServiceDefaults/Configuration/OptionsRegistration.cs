using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageEditor.ServiceDefaults.Configuration;

/// <summary>Options that are bound to a section of the configuration and checked when the service starts.</summary>
public static class OptionsRegistration
{
    /// <summary>Adds options that their data annotations and a validator check.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <typeparam name="TValidator">Fails the start when the options could not work.</typeparam>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddValidatedOptions<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions> =>
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>().AddValidatedOptions<TOptions>(section);

    /// <summary>Adds options whose data annotations say all that has to be checked.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddValidatedOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
