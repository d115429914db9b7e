using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Models.TfLite;

/// <summary>MediaPipe's selfie segmentation: a MobileNetV3-like encoder and a decoder, for 256×256 pixels.</summary>
internal static class SelfieSegmentation
{
    private const int Side = 256;

    /// <returns>A graph from <c>image</c> (1×3×256×256, RGB in [0, 1]) to <c>output</c> (1×1×256×256, [0, 1]).</returns>
    public static ModelProto Convert(string file)
    {
        var model = TfLiteModel.Read(File.ReadAllBytes(file));
        var mask = model.Tensors[model.Outputs.Single()].Name;
        return TfLiteConverter.Convert(
            model, "selfie-segmentation", Side, Side, output => output == "output", tensor => tensor == mask ? "output" : tensor);
    }
}
