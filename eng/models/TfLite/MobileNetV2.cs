using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Models.TfLite;

/// <summary>
/// The backbone of MediaPipe's object detector: MobileNetV2 (Sandler, Howard et al. 2018) with its batch norms folded into the
/// convolutions, trained on Open Images. Fully convolutional, so that it takes a picture of any size.
/// </summary>
internal static class MobileNetV2
{
    private const string Prefix = "FeatureExtractor/MobilenetV2/";

    /// <param name="archive">MediaPipe's file of packed models.</param>
    /// <returns>A graph from <c>image</c> (1×3×H×W in [-1, 1]) to the result of every layer, such as <c>expanded_conv_9/add</c>.</returns>
    public static ModelProto Convert(string archive) => TfLiteConverter.Convert(
        TfLiteModel.ReadPacked(File.ReadAllBytes(archive)), "mobilenet-v2", "height", "width", IsLayer, LayerName);

    /// <summary>The whole detector, for 300×300 pixels: box encodings and class scores of each anchor, before the sigmoid.</summary>
    public static ModelProto ConvertDetector(string archive) => TfLiteConverter.Convert(
        TfLiteModel.ReadPacked(File.ReadAllBytes(archive)),
        "detector",
        300,
        300,
        output => output is "raw_outputs/box_encodings" or "raw_outputs/class_predictions",
        LayerName);

    /// <summary>
    /// The converter that wrote the file joined the names of all operators that it had folded into one; the layer's own is first.
    /// </summary>
    private static string LayerName(string tensor)
    {
        var first = tensor.Split(';')[0];
        if (!first.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return first;
        }

        string[] parts = [.. first[Prefix.Length..].Split('/').Where(part => part is not ("Relu6" or "BatchNorm" or "FusedBatchNormV3"))];
        return string.Join('/', parts);
    }

    private static bool IsLayer(string name) => name is "Conv" or "Conv_1" || name.StartsWith("expanded_conv", StringComparison.Ordinal);
}
