using ImageEditor.Tests.Contract.Pictures;

namespace ImageEditor.Tests.Contract.Formulas;

/// <summary>Pictures in formats that keep every pixel, from the shared photos and made.</summary>
internal static class Lossless
{
    private static readonly Dictionary<string, Func<byte[]>> MadePictures = new()
    {
        ["grey.png"] = () => Made.File(Made.Gradient(61, 47, bands: 1), "png"),
        ["grey-alpha.png"] = () => Made.File(Made.Gradient(61, 47, bands: 2), "png"),
        ["alpha.png"] = () => Made.File(Made.Gradient(61, 47, bands: 4), "png"),
        ["deep-alpha.png"] = () => Made.File(Made.DeepGradient(61, 47, bands: 4), "png"),
        ["deep-grey.tif"] = () => Made.File(Made.DeepGradient(61, 47, bands: 1), "tif"),
        ["wide-gamut.png"] = () => Made.File(Made.WideGamut(depth: 8), "png"),
        ["rgb.tif"] = () => Made.File(Made.Gradient(61, 47), "tif"),
        ["deep.tif"] = () => Made.File(Made.DeepGradient(61, 47), "tif"),
        ["pages.tif"] = () => Made.Animation("tif", hasAlpha: false),
        ["lossless.webp"] = () => Made.File(Made.Gradient(61, 47, bands: 4), "webp"),
        ["animation.webp"] = () => Made.Animation("webp", hasAlpha: true),
        ["animation.gif"] = () => Made.Animation("gif", hasAlpha: false),
        ["transparent-animation.gif"] = () => Made.Animation("gif", hasAlpha: true),
    };

    public static TheoryData<string> Names => [.. Photos.Whole.Where(photo => photo.EndsWith(".png", StringComparison.Ordinal)), .. MadePictures.Keys];

    public static byte[] Read(string name) => MadePictures.TryGetValue(name, out var make) ? make() : Photos.Read(name);
}
