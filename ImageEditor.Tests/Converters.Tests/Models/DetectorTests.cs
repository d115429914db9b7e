using ImageEditor.Converters.OnnxFormat;
using ImageEditor.Converters.Tests.Support;
using ImageEditor.Models.TfLite;

namespace ImageEditor.Converters.Tests.Models;

/// <summary>The backbone as part of the detector that it was trained in, heads included: it finds what is on the photos.</summary>
public sealed class DetectorTests
{
    private const int Side = 300;
    private const int Classes = 24;

    /// <summary>Places in MediaPipe's list of labels for this detector.</summary>
    private const int Cat = 8;
    private const int Mug = 12;
    private const int CoffeeCup = 13;

    private static readonly string Archive = Path.Combine(
        Paths.Packages, "@mediapipe", "objectron", "objectron_solution_packed_assets.data");

    [Theory]
    [InlineData("chelsea.png", new[] { Cat }, 0.8)]
    [InlineData("coffee.png", new[] { Mug, CoffeeCup }, 0.5)]
    public void ConvertedDetector_Photo_FindsWhatIsOnIt(string photo, int[] things, double score)
    {
        using var model = Model.Of(MobileNetV2.ConvertDetector(Archive));

        var predictions = model.Run(Photo.Whole(photo, Side, Side).Scaled(2, -1))["raw_outputs/class_predictions"];
        var scores = predictions.Values.Chunk(Classes).ToArray();

        // The first class is "nothing".
        var best = Enumerable.Range(1, Classes - 1).MaxBy(thing => scores.Max(anchor => anchor[thing]));
        var certainty = 1 / (1 + Math.Exp(-scores.Max(anchor => anchor[best])));
        TestContext.Current.TestOutputHelper!.WriteLine($"{photo}: class {best}, {certainty:0.000}");
        Assert.Contains(best, things);
        Assert.InRange(certainty, score, 1);
    }

    /// <summary>
    /// What was shown of the detector holds for the backbone: the same operators with the same weights lead to every layer.
    /// </summary>
    [Fact]
    public void ConvertedBackbone_EveryLayer_IsTheDetectors()
    {
        var detector = MobileNetV2.ConvertDetector(Archive).Graph;
        var backbone = MobileNetV2.Convert(Archive).Graph;

        Assert.Equal(1 + 17 * 3 - 1 + 10 + 1, backbone.Output.Count);
        var constants = detector.Initializer.ToDictionary(tensor => tensor.Name);
        var nodes = detector.Node.ToDictionary(node => node.Name);
        Assert.All(backbone.Initializer, tensor => Assert.Equal(constants[tensor.Name].Floats(), tensor.Floats()));
        Assert.All(backbone.Node, node => Assert.Equal(nodes[node.Name], node));
    }
}
