using ImageEditor.ConversionManager.Converters;

namespace ImageEditor.ConversionManager.Tests.Converters;

public sealed class ConverterTests
{
    private readonly Converter _converter = new("grayscale", new Uri("http://grayscale"));

    [Fact]
    public void WhileUp_BeforeTheFirstAnswer_IsOver() => Assert.True(_converter.WhileUp.IsCancellationRequested);

    [Fact]
    public async Task Remember_OfAConverterThatNobodyHasMet_IsItsInfoAndDoesNotMakeItUp()
    {
        var (kept, answered) = (await ParseAsync("Kept"), await ParseAsync("Answered"));

        _converter.Remember(kept);
        Assert.Same(kept, _converter.Info);
        Assert.False(_converter.IsUp);

        _converter.MarkUp(answered);
        _converter.Remember(kept);
        Assert.Same(answered, _converter.Info);
    }

    [Fact]
    public void WhileUp_ConverterThatGoesDownAndComesBack_IsOverForThoseWhoSawItBefore()
    {
        _converter.MarkUp(null!);
        var before = _converter.WhileUp;
        Assert.False(before.IsCancellationRequested);

        Assert.True(_converter.MarkDown());
        Assert.True(before.IsCancellationRequested);
        Assert.True(_converter.WhileUp.IsCancellationRequested);
        Assert.False(_converter.MarkDown());

        Assert.True(_converter.MarkUp(null!));
        Assert.True(before.IsCancellationRequested);
        Assert.False(_converter.WhileUp.IsCancellationRequested);
    }

    private static Task<ConverterInfo> ParseAsync(string title) => ConverterInfo.ParseAsync(
        $$"""
        {
          "name": "grayscale", "title": "{{title}}", "description": "Grey.", "public": true, "accelerator": false,
          "formats": { "input": [], "output": [] }, "parameters": { "type": "object", "properties": {} }
        }
        """,
        TestContext.Current.CancellationToken);
}
