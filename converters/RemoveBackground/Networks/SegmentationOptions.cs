using System.ComponentModel.DataAnnotations;

namespace ImageEditor.Converters.RemoveBackground.Networks;

/// <summary>A network of the operator's own; section <c>Converter</c> of the configuration, beside what every converter has.</summary>
internal sealed class SegmentationOptions
{
    public const string Section = "Converter";

    /// <summary>
    /// An ONNX file that takes the place of the network that comes with the converter. Beside it lies its description, a file of the same
    /// name that ends with <c>.json</c>. It is trusted like code: take it only from where you would take a program. Empty: the own one.
    /// </summary>
    public string SegmentationNetwork { get; set; } = "";

    /// <summary>Bytes that the file may have.</summary>
    [Range(1, int.MaxValue)]
    public int SegmentationMaxBytes { get; set; } = 256 << 20;

    /// <summary>How long loading it and one run, which are tried at start, may take together.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan SegmentationTimeLimit { get; set; } = TimeSpan.FromSeconds(30);
}
