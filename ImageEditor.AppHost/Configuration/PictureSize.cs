using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ImageEditor.AppHost.Configuration;

/// <summary>How large a picture may be: one setting, <c>Pictures:MaxBytes</c>, for all parts, which have the same default.</summary>
internal static class PictureSize
{
    private const string Setting = "Pictures:MaxBytes";

    /// <summary>What a converter takes without being told.</summary>
    private const long ConverterInputBytes = 64 << 20;

    /// <summary>More than services write around the pictures of a form.</summary>
    private const long FormBytes = 64 << 10;

    /// <summary>Hands it to a service, which computes its limits from it.</summary>
    public static IResourceBuilder<ProjectResource> WithPictureSize(this IResourceBuilder<ProjectResource> service) =>
        MaxBytes(service.ApplicationBuilder) is { } bytes ? service.WithEnvironment("Pictures__MaxBytes", Text(bytes)) : service;

    /// <summary>Has a converter, which knows nothing of services, take what a request may have, where that is more.</summary>
    public static IResourceBuilder<T> WithInputSize<T>(this IResourceBuilder<T> converter)
        where T : IResourceWithEnvironment =>
        2 * MaxBytes(converter.ApplicationBuilder) + FormBytes is > ConverterInputBytes and var inputBytes
            ? converter.WithEnvironment("Converter__MaxInputBytes", Text(inputBytes))
            : converter;

    private static long? MaxBytes(IDistributedApplicationBuilder builder) => builder.Configuration.GetValue<long?>(Setting);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
