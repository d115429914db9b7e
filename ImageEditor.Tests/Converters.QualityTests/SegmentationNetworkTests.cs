using System.Diagnostics;
using Google.Protobuf;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.OnnxFormat;
using ImageEditor.Converters.QualityTests.Support;
using ImageEditor.Converters.RemoveBackground;
using ImageEditor.Converters.RemoveBackground.Networks;
using Microsoft.Extensions.DependencyInjection;
using NetVips;

namespace ImageEditor.Converters.QualityTests;

/// <summary>A segmentation network of the operator's own: tiny ones, made here, that cut out what is green.</summary>
public sealed class SegmentationNetworkTests : IDisposable
{
    private const string Description = """
        {
          "input": { "name": "picture", "width": 64, "height": 48, "mean": [0.5, 0.5, 0.5], "deviation": [0.25, 0.25, 0.25] },
          "output": { "name": "mask", "channel": 1, "activation": "softmax" },
          "subject": "any"
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segmentation");

    private string NetworkPath => Path.Combine(_folder.FullName, "green.onnx");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Open_NetworkOfTheOperator_CutsOutWhatItSees()
    {
        var options = Write(Network(), Description);
        using var ground = Image.Black(200, 150, bands: 3) + new double[] { 200, 60, 60 };
        using var picture = ground.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb)
            .Mutate(image => image.DrawRect([20, 220, 30], 60, 40, 80, 70, fill: true));
        await using var converter = await InProcessConverter.StartAsync((conversion, models) => CutOut.Apply(
            conversion, SegmentationNetwork.Open(models, options), check: null, Background.Transparent, [], isForced: false));

        var (result, info) = await converter.ConvertAsync(picture);

        Assert.Equal(255, result.Getpoint(100, 75)[3]);
        Assert.Equal(0, result.Getpoint(20, 20)[3]);
        Assert.InRange((double)info["person"]!, 0.15, 0.22);
        Assert.Null(info["score"]);
    }

    [Theory]
    [InlineData("own operator", "domain 'com.example'")]
    [InlineData("external data", "external data")]
    [InlineData("external data in an attribute", "external data")]
    [InlineData("functions", "functions")]
    [InlineData("not onnx", "no ONNX file")]
    [InlineData("too large", "at most 1000")]
    [InlineData("missing", "no such file")]
    [InlineData("no activation", "'activation' is missing")]
    [InlineData("other input", "its description says 'image'")]
    [InlineData("other size", "1×3×50×64")]
    [InlineData("other output", "its description says 'cut'")]
    [InlineData("other channel", "no channel 7")]
    [InlineData("no description", "description")]
    [InlineData("unknown member", "colour")]
    [InlineData("too slow", "longer than 0 s")]
    [InlineData("softmax over one channel", "the softmax is always 1")]
    [InlineData("not to be read", "Converter:SegmentationNetwork")]
    [InlineData("a description that is a folder", "Converter:SegmentationNetwork")]
    public void Open_WhatCannotBeUsed_IsRefusedWithTheReason(string fault, string reason)
    {
        var network = Network();
        var description = Description;
        switch (fault)
        {
            case "own operator":
                network.Graph.Node[0].Domain = "com.example";
                break;
            case "external data":
                network.Graph.Initializer[0].DataLocation = 1;
                break;
            case "external data in an attribute":
                var outside = new TensorProto { ExternalData = { new StringStringEntryProto { Key = "location" } } };
                network.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "body", G = new GraphProto { Initializer = { outside } } });
                break;
            case "functions":
                network.Functions.Add(new FunctionProto());
                break;
            case "no activation":
                description = description.Replace(", \"activation\": \"softmax\"", "", StringComparison.Ordinal);
                break;
            case "other input":
                description = description.Replace("picture", "image", StringComparison.Ordinal);
                break;
            case "other size":
                description = description.Replace("48", "50", StringComparison.Ordinal);
                break;
            case "other output":
                description = description.Replace("mask", "cut", StringComparison.Ordinal);
                break;
            case "other channel":
                description = description.Replace("\"channel\": 1", "\"channel\": 7", StringComparison.Ordinal);
                break;
            case "softmax over one channel":
                network = Network(0.5f, 0.5f, 0.5f);
                description = description.Replace("\"channel\": 1", "\"channel\": 0", StringComparison.Ordinal);
                break;
            case "unknown member":
                description = description.Replace("subject", "colour", StringComparison.Ordinal);
                break;
        }

        var options = Write(network, description);
        using var held = fault != "not to be read" ? null
            : new FileStream(NetworkPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        switch (fault)
        {
            case "a description that is a folder":
                File.Delete(Path.ChangeExtension(NetworkPath, ".json"));
                Directory.CreateDirectory(Path.ChangeExtension(NetworkPath, ".json"));
                break;
            case "not onnx":
                File.WriteAllText(NetworkPath, "This is a text.");
                break;
            case "too large":
                options.SegmentationMaxBytes = 1000;
                File.WriteAllBytes(NetworkPath, new byte[1001]);
                break;
            case "missing":
                File.Delete(NetworkPath);
                break;
            case "no description":
                File.Delete(Path.ChangeExtension(NetworkPath, ".json"));
                break;
            case "too slow":
                options.SegmentationTimeLimit = TimeSpan.Zero;
                break;
        }

        using var app = (IDisposable)NeuralConverter.Build(
            ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"],
            new ConverterDescriptor("own", "Own", "Does what a test wants."),
            (conversion, _) => conversion.Image);
        var models = ((Microsoft.AspNetCore.Builder.WebApplication)app).Services.GetRequiredService<ModelSet>();

        var refusal = Assert.Throws<InvalidDataException>(() => SegmentationNetwork.Open(models, options));

        Assert.Contains(NetworkPath, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(SegmentationOptions.SegmentationMaxBytes), "0")]
    [InlineData(nameof(SegmentationOptions.SegmentationTimeLimit), "-00:00:01")]
    public async Task Start_OptionThatCannotWork_IsRefusedByName(string option, string value)
    {
        var program = typeof(SegmentationOptions).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program, "--urls=http://127.0.0.1:0", $"--Converter:{option}={value}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains(option, error + await output, StringComparison.Ordinal);
    }

    /// <summary>Two channels: nothing, and how much more green than red there is.</summary>
    private static ModelProto Network() => Network(0, 0, 0, -4, 4, 0);

    /// <summary>A channel for each three weights: of red, green and blue.</summary>
    private static ModelProto Network(params float[] weights)
    {
        var graph = new GraphBuilder("green");
        var picture = graph.Input("picture", 1, 3, 48, 64);
        var kernel = graph.Constant("weights", weights, weights.Length / 3, 3, 1, 1);
        var mask = graph.Node("Conv", "mask", [picture, kernel], ("kernel_shape", new long[] { 1, 1 }));
        graph.Output(mask, 1, weights.Length / 3, 48, 64);
        return graph.Build();
    }

    private SegmentationOptions Write(ModelProto network, string description)
    {
        File.WriteAllBytes(NetworkPath, network.ToByteArray());
        File.WriteAllText(Path.ChangeExtension(NetworkPath, ".json"), description);
        return new SegmentationOptions { SegmentationNetwork = NetworkPath };
    }
}
