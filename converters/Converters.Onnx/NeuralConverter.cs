using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Pipeline;
using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageEditor.Converters.Onnx;

/// <summary>A converter with networks as a process.</summary>
public static partial class NeuralConverter
{
    /// <summary>Serves a converter until the process stops.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="descriptor">What the converter is called and which parameters it has; the device is filled in.</param>
    /// <param name="convert">Makes the result from <see cref="Conversion.Image"/> with the process's networks.</param>
    public static void Run(string[] args, ConverterDescriptor descriptor, Func<Conversion, ModelSet, Image> convert) =>
        Build(args, descriptor, convert).Run();

    /// <summary>The same for a converter that needs services of its own beside the <see cref="ModelSet"/>.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="descriptor">What the converter is called and which parameters it has; the device is filled in.</param>
    /// <param name="addServices">Adds the services.</param>
    /// <param name="convert">Makes the function that converts, once, at start; what it throws ends the process.</param>
    public static void Run(
        string[] args,
        ConverterDescriptor descriptor,
        Action<IServiceCollection> addServices,
        Func<IServiceProvider, Func<Conversion, Image>> convert) => Build(args, descriptor, addServices, convert).Run();

    /// <summary>The same as <c>Run</c>, but not started yet.</summary>
    public static WebApplication Build(string[] args, ConverterDescriptor descriptor, Func<Conversion, ModelSet, Image> convert) =>
        Build(args, descriptor, _ => { }, services =>
        {
            var models = services.GetRequiredService<ModelSet>();
            return conversion => convert(conversion, models);
        });

    private static WebApplication Build(
        string[] args,
        ConverterDescriptor descriptor,
        Action<IServiceCollection> addServices,
        Func<IServiceProvider, Func<Conversion, Image>> convert)
    {
        var builder = Converter.CreateBuilder(args);
        addServices(builder.Services);
        builder.Services.AddValidatedOptions<InferenceOptions>(InferenceOptions.Section);
        builder.Services.AddSingleton(
            services => Device.Choose(services.GetRequiredService<IOptions<InferenceOptions>>().Value.Accelerator));
        builder.Services.AddSingleton(services => new ModelSet(
            services.GetRequiredService<IOptions<InferenceOptions>>().Value,
            services.GetRequiredService<Device>(),
            services.GetRequiredService<ILogger<Model>>()));
        builder.AddConverter(
            services => descriptor with { PrefersGpu = true, Device = services.GetRequiredService<Device>().Name }, convert);

        var app = Converter.Build(builder);
        var (device, logger) = (app.Services.GetRequiredService<Device>(), app.Services.GetRequiredService<ILogger<Device>>());
        if (device.FallbackReason is { } reason)
        {
            Log.GpuUnavailable(logger, device.Name, reason);
        }
        else
        {
            Log.Chosen(logger, device.Name);
        }

        return app;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Networks run on {Device}", EventName = "DeviceChosen")]
        public static partial void Chosen(ILogger logger, string device);

        [LoggerMessage(LogLevel.Warning, "Networks run on {Device}: {Reason}", EventName = "DeviceFallback")]
        public static partial void GpuUnavailable(ILogger logger, string device, string reason);
    }
}
