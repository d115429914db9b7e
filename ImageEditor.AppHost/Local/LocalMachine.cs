using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ImageEditor.AppHost.Local;

internal static class LocalMachine
{
    private static readonly string[] SecretVariables = ["Parameters__", "ConnectionStrings__", "Settings__"];

    /// <summary>
    /// What a machine of one's own needs beyond what Aspire does: the built programs are run, and again when they end; ports and data are
    /// checked first.
    /// </summary>
    public static void PrepareForThisMachine(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Services.TryAddSingleton(TimeProvider.System);
            KeepSecretsFromChildren();
            SayMistakesPlainly();
            // Nothing is left when this process has ended, so that another start finds its ports free.
            builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
            builder.CheckPortsAndData();
            builder.RunBuiltPrograms();
            builder.Services.AddHostedService<Restarts>();
            builder.Services.AddHostedService<Announcement>();
        }
    }

    /// <summary>A mistake in the model, or a port in use, is a sentence and not a stack trace.</summary>
    private static void SayMistakesPlainly() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if ((unhandled.ExceptionObject as Exception)?.GetBaseException() is DistributedApplicationException mistake)
        {
            Console.Error.WriteLine(mistake.Message);
            Environment.Exit(1);
        }
    };

    /// <summary>
    /// Children inherit the environment. What it tells this process is in its configuration by now; each child gets its part by the model.
    /// </summary>
    private static void KeepSecretsFromChildren()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (SecretVariables.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }
}
