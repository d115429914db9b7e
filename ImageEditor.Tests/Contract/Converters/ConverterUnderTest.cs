using System.Reflection;

namespace ImageEditor.Tests.Contract.Converters;

/// <summary>A converter that the suite runs against, whatever it is written in.</summary>
/// <param name="Name">What it must call itself.</param>
/// <param name="Command">
/// How to start it. It listens at <c>ASPNETCORE_URLS</c>, or at <c>PORT</c> on the loopback interface, and takes as many requests at once as
/// <c>Converter__ConcurrentRequests</c> says.
/// </param>
internal sealed record ConverterUnderTest(string Name, IReadOnlyList<string> Command)
{
    /// <summary>Whether results have the input's colours, and so its profile.</summary>
    public bool KeepsColour { get; init; } = true;

    /// <summary>Whether clients may ask for it. What only services ask for decides itself what it makes of a picture, and must do no more than <see cref="All"/> do.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>The media type of every result; null when it is the input's, or what was asked for.</summary>
    public string? ResultType { get; init; }

    /// <summary>A row per converter.</summary>
    private static readonly ConverterUnderTest[] Table =
    [
        new("contrast", DotNet("Contrast")),
        new("flip-horizontal", DotNet("FlipHorizontal")),
        new("grayscale", DotNet("Grayscale")) { KeepsColour = false },
        new("thumbnail", DotNet("Thumbnail")) { IsPublic = false, ResultType = "image/webp" },
    ];

    /// <summary>Names of the public converters, for theories.</summary>
    public static TheoryData<string> Names => [.. Table.Where(converter => converter.IsPublic).Select(converter => converter.Name)];

    /// <summary>All names, for theories that hold for internal converters as well.</summary>
    public static TheoryData<string> All => [.. Table.Select(converter => converter.Name)];

    public static ConverterUnderTest Named(string name) => Table.Single(converter => converter.Name == name);

    private static string[] DotNet(string project) =>
    [
        "dotnet",
        typeof(ConverterUnderTest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == $"Converter:{project}").Value!,
    ];
}
