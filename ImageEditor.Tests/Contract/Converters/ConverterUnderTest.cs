using System.Reflection;
using ImageEditor.Tests.Contract.Pictures;

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

    /// <summary>Whether clients may ask for it. What only services ask for decides itself what it makes of a picture, and must do no more than <see cref="AllNames"/> do.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>The media type of every result; null when it is the input's, or what was asked for.</summary>
    public string? ResultType { get; init; }

    /// <summary>How many times as wide and high as the input the result is.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The most pixels that it is given where the size does not matter, since it takes long for each.</summary>
    public int MaxPixels { get; init; } = int.MaxValue;

    /// <summary>Parameters, without the question mark, that make a slow one do little where it does not matter how much.</summary>
    public string QuickParameters { get; init; } = "";

    /// <summary>What roundings of the input (of a JPEG decoder, of a palette) may grow to: a mean difference, as a part of the largest value.</summary>
    public double RoundingTolerance { get; init; } = 0.01;

    /// <summary>MaxPixels of a picture whose conversion takes seconds.</summary>
    public int SlowPixels { get; init; } = 16_000_000;

    /// <summary>What a JPEG becomes where no format is asked for.</summary>
    public string JpegResultType { get; init; } = "image/jpeg";

    /// <summary>MaxPixels, the longest side of a picture whose result is still within limits.</summary>
    public int MaxSide => 16_383 / Scale;

    /// <summary>A row per converter.</summary>
    private static readonly ConverterUnderTest[] Table =
    [
        new("blur-faces", DotNet("BlurFaces")) { MaxPixels = 40_000, SlowPixels = 3_000_000 },
        new("contrast", DotNet("Contrast")),
        new("deepdream", DotNet("DeepDream")) { QuickParameters = "octaves=2&steps=2", RoundingTolerance = 0.15, MaxPixels = 8_000, SlowPixels = 100_000 },
        new("denoise", DotNet("Denoise")) { MaxPixels = 20_000, SlowPixels = 500_000 },
        new("flip-horizontal", DotNet("FlipHorizontal")),
        new("grayscale", DotNet("Grayscale")) { KeepsColour = false },
        new("pixelate", Node("Pixelate")),
        new("remove-background", DotNet("RemoveBackground")) { MaxPixels = 300_000, JpegResultType = "image/png" },
        new("style-transfer", DotNet("StyleTransfer")) { QuickParameters = "steps=5", RoundingTolerance = 0.15, MaxPixels = 5_000, SlowPixels = 100_000 },
        new("thumbnail", DotNet("Thumbnail")) { IsPublic = false, ResultType = "image/webp" },
        new("upscale", DotNet("Upscale")) { Scale = 2, MaxPixels = 2_500, SlowPixels = 60_000 },
    ];

    /// <summary>Names of the public converters, for theories.</summary>
    public static TheoryData<string> PublicNames => [.. Table.Where(converter => converter.IsPublic).Select(converter => converter.Name)];

    /// <summary>All names, for theories that hold for internal converters as well.</summary>
    public static TheoryData<string> AllNames => [.. Table.Select(converter => converter.Name)];

    /// <summary>A shared photo as it is, or shrunk to <see cref="MaxPixels"/>.</summary>
    public byte[] Shrink(string photo) => GeneratedImages.Shrunk(photo, MaxPixels);

    public static ConverterUnderTest Named(string name) => Table.Single(converter => converter.Name == name);

    private static string[] DotNet(string project) => ["dotnet", Recorded($"Converter:{project}")];

    private static string[] Node(string project) => ["node", Path.GetDirectoryName(Recorded($"ConverterSource:{project}"))!];

    private static string Recorded(string key) =>
        typeof(ConverterUnderTest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
