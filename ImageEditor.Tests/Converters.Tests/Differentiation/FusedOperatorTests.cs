using ImageEditor.Converters.Differentiation;
using ImageEditor.Converters.Onnx.Operators;
using ImageEditor.Converters.OnnxFormat;
using ImageEditor.Converters.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace ImageEditor.Converters.Tests.Differentiation;

/// <summary>
/// Where the fused operator is used, and how operators from .NET fail. That it computes what it should, <see cref="GradientTests"/> say.
/// </summary>
public sealed class FusedOperatorTests
{
    private static readonly ModelProto Backbone = ModelProto.Parser.ParseFrom(
        File.ReadAllBytes(Path.Combine(Paths.Models, "mobilenet-v2.onnx")));

    [Fact]
    public void Of_Fused_TakesTheOperatorForEveryDepthwiseConvolution()
    {
        var loss = Losses.Activation(Backbone, "expanded_conv_12/add");

        var fused = Gradient.Of(loss, Losses.Name, "image", fused: true);
        var standard = Gradient.Of(loss, Losses.Name, "image");

        Assert.Equal(13, Count(fused));
        Assert.Equal(0, Count(standard));
    }

    [Fact]
    public void Of_FusedWhereALayerBetweenIsNeeded_LeavesItToStandardOperators()
    {
        // The result of the first Clip is part of the loss: it gets a gradient from there, too.
        var loss = Losses.Style(Backbone, [("Conv", 32), ("expanded_conv_2/add", 24)], []);

        var gradient = Gradient.Of(loss, Losses.Name, "image", fused: true);

        Assert.Equal(2, Count(gradient));
    }

    [Fact]
    public void Run_FusedOnTwoThreads_GivesTheSameBitsAsOnOne()
    {
        var gradient = Gradient.Of(Losses.Activation(Backbone, "expanded_conv_6/project"), Losses.Name, "image", fused: true);
        var image = Tensor.Noise(224, 201, seed: 1, -1, 1);
        using var alone = Model.Of(gradient);
        using var together = Model.Of(gradient, threads: 2);

        Assert.Equal(alone.Run(image)[Gradient.Output].Values, together.Run(image)[Gradient.Output].Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_OperatorThatThrows_EndsTheRunAndNotTheProcess(bool inLoop)
    {
        var isBroken = true;
        var custom = new CustomOperator("tests", "Twice", 1, call =>
        {
            var (input, output) = (call.Input(0), call.Output(call.Input(0).Shape));
            Fail(isBroken && !inLoop);
            call.ForEach(input.Values.Length, index =>
            {
                Fail(isBroken && inLoop && index == 2);
                output.Values[index] = 2 * input.Values[index];
            });
        });
        var graph = new GraphBuilder("twice");
        graph.Input("image", "length");
        graph.Output(graph.Node("Twice", "doubled", ["image"], "tests"), "length");
        using var model = Model.Of(graph.Build(), threads: 2, custom);
        var input = new Tensor([1, 2, 3, 4], [4]);

        var failure = Assert.Throws<OnnxRuntimeException>(() => model.Run(input));
        isBroken = false;

        Assert.Contains("a test wants this", failure.Message, StringComparison.Ordinal);
        Assert.Equal([2, 4, 6, 8], model.Run(input)["doubled"].Values);
    }

    /// <summary>A domain that the process does not know yet, each time.</summary>
    [Fact]
    public async Task Open_SessionsAtOnce_AllKnowTheOperator()
    {
        const int sessions = 4;
        for (var round = 0; round < 200; round++)
        {
            var domain = $"tests.{round}";
            var custom = new CustomOperator(domain, "Nothing", 1, _ => { });
            var graph = new GraphBuilder("nothing");
            graph.Input("image", 1);
            graph.Output(graph.Node("Nothing", "result", ["image"], domain), 1);
            var model = graph.Build();
            using var all = new Barrier(sessions);

            var opened = await Task.WhenAll(Enumerable.Range(0, sessions).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    all.SignalAndWait();
                    return Model.Of(model, threads: 1, custom);
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Array.ForEach(opened, one => one.Dispose());
        }
    }

    [Fact]
    public void Run_GraphWithAnOperatorThatIsNotThere_IsRefusedByName()
    {
        var graph = new GraphBuilder("unknown");
        graph.Input("image", 1);
        graph.Output(graph.Node("Unheard", "result", ["image"], FusedOperator.Domain), 1);

        var refused = Assert.Throws<OnnxRuntimeException>(() => Model.Of(graph.Build()));

        Assert.Contains("Unheard", refused.Message, StringComparison.Ordinal);
    }

    private static void Fail(bool fails)
    {
        if (fails)
        {
            throw new InvalidOperationException("a test wants this");
        }
    }

    private static int Count(ModelProto graph) =>
        graph.Graph.Node.Count(node => node.Domain == FusedOperator.Domain && node.OpType == FusedOperator.Type);
}
