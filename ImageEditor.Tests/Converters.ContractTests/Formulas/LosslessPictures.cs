using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

/// <summary>Pictures in formats that keep every pixel, from the shared photos and made.</summary>
internal static class LosslessPictures
{
    private static readonly Dictionary<string, Func<byte[]>> Generated = new()
    {
        ["grey.png"] = () => GeneratedImages.File(GeneratedImages.Gradient(61, 47, bands: 1), "png"),
        ["grey-alpha.png"] = () => GeneratedImages.File(GeneratedImages.Gradient(61, 47, bands: 2), "png"),
        ["alpha.png"] = () => GeneratedImages.File(GeneratedImages.Gradient(61, 47, bands: 4), "png"),
        ["deep-alpha.png"] = () => GeneratedImages.File(GeneratedImages.DeepGradient(61, 47, bands: 4), "png"),
        ["deep-grey.tif"] = () => GeneratedImages.File(GeneratedImages.DeepGradient(61, 47, bands: 1), "tif"),
        ["wide-gamut.png"] = () => GeneratedImages.File(GeneratedImages.WideGamut(depth: 8), "png"),
        ["rgb.tif"] = () => GeneratedImages.File(GeneratedImages.Gradient(61, 47), "tif"),
        ["deep.tif"] = () => GeneratedImages.File(GeneratedImages.DeepGradient(61, 47), "tif"),
        ["pages.tif"] = () => GeneratedImages.Animation("tif", hasAlpha: false),
        ["lossless.webp"] = () => GeneratedImages.File(GeneratedImages.Gradient(61, 47, bands: 4), "webp"),
        ["animation.webp"] = () => GeneratedImages.Animation("webp", hasAlpha: true),
        ["animation.gif"] = () => GeneratedImages.Animation("gif", hasAlpha: false),
        ["transparent-animation.gif"] = () => GeneratedImages.Animation("gif", hasAlpha: true),
    };

    public static TheoryData<string> Names =>
        [.. Photos.Intact.Where(photo => photo.EndsWith(".png", StringComparison.Ordinal)), .. Generated.Keys];

    public static byte[] Read(string name) => Generated.TryGetValue(name, out var make) ? make() : Photos.Read(name);
}
