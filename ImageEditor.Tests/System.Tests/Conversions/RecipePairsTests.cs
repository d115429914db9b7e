using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>Whatever a converter makes of a picture, every other one can go on with.</summary>
[Collection(nameof(RunningApp))]
public sealed class RecipePairsTests(RunningApp running)
{
    private const int Callers = 8;
    private const string Neural = "neural";
    private const string Quick = "grayscale";

    private readonly ImageEditorClient _client = running.Client;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Convert_EveryPairOfQuickConverters_EndsWithAPicture()
    {
        var quick = (await ConvertersAsync()).Where(converter => converter.Category != Neural).ToList();
        Assert.True(quick.Count > 10, $"There are {quick.Count} quick converters.");

        await AllEndWithAPictureAsync(from first in quick where first.IsLossless from second in quick select Recipe(first.Name, second.Name));
    }

    [Fact]
    public async Task Convert_EachNeuralConverterAsInnerAndAsLastStep_EndsWithAPicture()
    {
        var neural = (await ConvertersAsync()).Where(converter => converter.Category == Neural).ToList();
        Assert.True(neural.Count > 3, $"There are {neural.Count} neural converters.");

        await AllEndWithAPictureAsync(neural.SelectMany(
            converter => new[] { Recipe(converter.Name, Quick), Recipe(Quick, converter.Name) }));
    }

    [Fact]
    public async Task Convert_SixteenSteps_EndsWithAPictureAndSeventeenAreRefused()
    {
        await AllEndWithAPictureAsync([Recipe([.. Enumerable.Repeat(Quick, 16)])]);

        var refused = await _client.TrySubmitAsync(
            Recipe([.. Enumerable.Repeat(Quick, 17)]), Pictures.Png(8, 8), cancellationToken: Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
    }

    private static string Recipe(params string[] converters) =>
        "recipe=" + Uri.EscapeDataString($"[{string.Join(',', converters.Select(Step))}]");

    /// <summary>With what it cannot be without, and with what makes it go on where a picture does not show what it is for.</summary>
    private static string Step(string converter) => JsonSerializer.Serialize(new
    {
        converter,
        parameters = converter switch
        {
            "watermark" => new Dictionary<string, object> { ["text"] = "Hello" },
            "remove-background" => new Dictionary<string, object> { ["force"] = true },
            _ => [],
        },
    });

    private async Task AllEndWithAPictureAsync(IEnumerable<string> recipes)
    {
        var (left, wrong) = (new ConcurrentQueue<string>(recipes), new ConcurrentQueue<string>());
        var picture = Pictures.Png(64, 64);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (left.TryDequeue(out var recipe))
            {
                var answer = await _client.WaitForEndAsync(await _client.SubmitAsync(recipe, picture, Cancelled), Cancelled);
                if (answer.Status != HttpStatusCode.OK || answer.ContentType != "image/png")
                {
                    wrong.Enqueue($"{Uri.UnescapeDataString(recipe)}: {(int)answer.Status} {answer.ContentType}");
                }
            }
        }));
        Assert.Empty(wrong);
    }

    /// <summary>Those that the system itself brings.</summary>
    private async Task<List<(string Name, string Category, bool IsLossless)>> ConvertersAsync()
    {
        using var list = JsonDocument.Parse(await _client.Http.GetStringAsync("/api/converters", Cancelled));
        return
        [
            .. from converter in list.RootElement.EnumerateArray()
               let name = converter.GetProperty("name").GetString()!
               let category = converter.TryGetProperty("category", out var known) ? known.GetString() : null
               where category is not null
               let isLossless = converter.TryGetProperty("lossless", out var lossless) && lossless.GetBoolean()
               select (name, category, isLossless),
        ];
    }
}
