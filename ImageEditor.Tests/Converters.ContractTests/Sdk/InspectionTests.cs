using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.Converters.ContractTests.Pictures;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Settings;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Sdk;

/// <summary>
/// ConversionManager looks at containers before it takes a picture, and converters do so again: what a container shows is refused by both,
/// for the same reason. Only what decoding finds is left to converters.
/// </summary>
[Collection(nameof(SdkTests))]
public sealed class InspectionTests
{
    private static readonly PictureReader Reader = new(new SizeLimits(new ConverterOptions()));

    static InspectionTests() => ImageEditor.Converters.Images.Vips.Configure(new ConverterOptions());

    public static TheoryData<string> FieldFileNames => new(FieldFiles.Names);

    [Theory]
    [MemberData(nameof(FieldFileNames))]
    public void Inspect_FileOfTheField_IsJudgedAsByConverters(string name) => AssertAgreement(name, FieldFiles.Read(name));

    [Fact]
    public void Inspect_KindThatIsNotRead_IsJudgedAsByConverters()
    {
        foreach (var (what, file, _, _) in Suite.UnreadKindTests.Kinds)
        {
            AssertAgreement(what, file);
        }
    }

    [Fact]
    public void Inspect_HandmadeAvif_IsJudgedAsByConverters()
    {
        foreach (var (what, file) in HandmadeAvif.Files.Concat(HandmadeAvif.Bombs))
        {
            AssertAgreement(what, file());
        }
    }

    /// <summary>All that a TIFF may say of its pixels, right or not.</summary>
    [Fact]
    public void Inspect_TiffOfAnyKind_IsJudgedAsByConverters()
    {
        var judged =
            from photometric in (int[])[0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 77, 32_844, 32_845]
            from bits in (int[])[1, 2, 3, 4, 8, 12, 16, 24, 32, 64]
            from channels in (int[])[1, 2, 3, 4, 5, 6]
            from format in (int?[])[null, 1, 2, 3, 4, 5, 6]
            from extra in (int[][])[[], [0], [1], [2]]
            where channels > 1 || extra is []
            let file = Tiff(photometric, bits, channels, format, extra)
            let what = $"photometric {photometric}, {bits} bits, {channels} channels, format {format}, extra {string.Join(',', extra)}"
            select (What: what, Words: Judge(file), Inspected: Inspect(file));

        var wrong = judged.Where(one => one.Words != one.Inspected).ToList();
        Assert.Empty(wrong);
    }

    /// <summary>What a schema lets through waits in a queue before the converter refuses it.</summary>
    [Theory]
    [InlineData("[[0,0,1,1]]", true)]
    [InlineData("[{\"box\":[0,0,1,1],\"frame\":0}]", true)]
    [InlineData("[[0,0,0,1]]", false)]
    [InlineData("[[0,0,1,0]]", false)]
    [InlineData("[{\"box\":[0,0,1,0]}]", false)]
    [InlineData("[{\"box\":[0,0,1,1],\"frame\":-1}]", false)]
    [InlineData("[[0,0,1,1000001]]", false)]
    [InlineData("[[-1,0,1,1]]", false)]
    [InlineData("[[0,0,1.5,1]]", false)]
    [InlineData("[[0,0,1]]", false)]
    [InlineData("[[0,0,1,1,1]]", false)]
    public async Task Read_Boxes_AreJudgedAsByConverters(string text, bool isRight)
    {
        var parameter = new BoxesParameter("areas", "Areas", "What is blurred.");
        var properties = new JsonObject { ["areas"] = parameter.Schema() };
        var schema = await ParameterSchema.ParseAsync(
            new JsonObject { ["type"] = "object", ["properties"] = properties }.ToJsonString(), TestContext.Current.CancellationToken);

        Assert.Equal(isRight, ((IQueryParameter)parameter).TryRead(text, out _));
        Assert.Equal(isRight, Record.Exception(() => schema.Read([KeyValuePair.Create("areas", text)])) is null);
    }

    /// <summary>The advice after the reason differs in a word or two.</summary>
    private static void AssertAgreement(string what, byte[] file)
    {
        var (words, inspected) = (Judge(file), Inspect(file));

        // What is damaged is found by decoding.
        if (inspected is not null || words?.Contains("is damaged", StringComparison.Ordinal) != true)
        {
            Assert.Equal((what, FirstSentence(words)), (what, FirstSentence(inspected)));
        }
    }

    private static string? FirstSentence(string? words) => words?.Split(". ")[0].Split(" pixels ")[0];

    /// <summary>Why ConversionManager refuses a file; null where it takes it.</summary>
    private static string? Inspect(byte[] file)
    {
        var inspection = ImageInspector.Inspect(file);
        return inspection.Refusal?.Detail
            ?? new ImageLimits().Check(inspection.Info!)?.Detail
            ?? inspection.Info!.CheckFrames(resultFormat: null)?.Detail;
    }

    /// <summary>Why converters refuse a file; null where they read it.</summary>
    private static string? Judge(byte[] file)
    {
        try
        {
            using var picture = Reader.Read(file, resultFormat: null, CancellationToken.None);
            picture.Image.Avg();
            return null;
        }
        catch (VipsException)
        {
            return PictureReader.FindDamage(file, allFrames: true, CancellationToken.None)!.Message;
        }
        catch (ProblemException refusal)
        {
            return refusal.Message;
        }
    }

    private static byte[] Tiff(int photometric, int bits, int channels, int? format, int[] extra)
    {
        List<(int Tag, int[] Values)> more = [];
        if (format is { } number)
        {
            more.Add((339, [number]));
        }

        if (photometric == 3 && bits <= 8)
        {
            more.Add((320, [.. Enumerable.Range(0, 3 << bits).Select(value => value & 0xFFFF)]));
        }

        var bytes = ((bits * channels * HandmadeTiff.Width) + 7) / 8 * HandmadeTiff.Height;
        return HandmadeTiff.File(new HandmadeTiff.Page(
            photometric, bits, channels, new byte[bytes], Extra: extra is [] ? null : extra, More: [.. more]));
    }
}
