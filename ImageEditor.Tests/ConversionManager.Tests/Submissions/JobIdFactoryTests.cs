using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Submissions;
using Microsoft.Extensions.Configuration;

namespace ImageEditor.ConversionManager.Tests.Submissions;

public sealed class JobIdFactoryTests
{
    private static readonly Submission Base = Submission("contrast", """{"amount":40}""", [1, 2, 3]);

    [Fact]
    public void CreateRandom_IsOfThePartitionAndNeverTheSame()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => JobIdFactory.CreateRandom()).ToList();

        Assert.All(ids, id => Assert.Matches("^p0-[0-9a-f]{32}$", id));
        Assert.Equal(1000, ids.Distinct().Count());
    }

    [Fact]
    public void CreateDeterministic_OfTheSame_IsTheSame() =>
        Assert.Equal(
            Ids("secret").CreateDeterministic("ann", "key", Base),
            Ids("secret").CreateDeterministic("ann", "key", Submission("contrast", """{"amount":40}""", [1, 2, 3])));

    [Fact]
    public void CreateDeterministic_OfAPictureWithAnotherName_IsTheSame() =>
        Assert.Equal(
            Ids("secret").CreateDeterministic("ann", "key", Base),
            Ids("secret").CreateDeterministic("ann", "key", Base with { Name = "holiday.jpg" }));

    [Fact]
    public void CreateDeterministic_OfAnythingElse_IsAnother()
    {
        var ids = Ids("secret");
        string[] all =
        [
            ids.CreateDeterministic("ann", "key", Base),
            ids.CreateDeterministic(null, "key", Base),
            ids.CreateDeterministic("bob", "key", Base),
            ids.CreateDeterministic("ann", "yek", Base),
            ids.CreateDeterministic("annk", "ey", Base),
            ids.CreateDeterministic("ann", "key", Submission("contrast", """{"amount":41}""", [1, 2, 3])),
            ids.CreateDeterministic("ann", "key", Submission("contras", """{"amount":40}""", [1, 2, 3])),
            ids.CreateDeterministic("ann", "key", Submission("contrast", """{"amount":40}""", [1, 2, 4])),
            Ids("another secret").CreateDeterministic("ann", "key", Base),
            ids.CreateDeterministic("ann", "key", new Submission([.. Base.Steps, Step("grayscale", "{}")], Base.Input, IsRecipe: true)),
            ids.CreateDeterministic("ann", "key", new Submission([Step("grayscale", "{}"), .. Base.Steps], Base.Input, IsRecipe: true)),
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
    }

    private static JobIdFactory Ids(string secret) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("InternalKey", secret)]).Build());

    private static Submission Submission(string converter, string parameters, byte[] input) =>
        new([Step(converter, parameters)], Input(input));

    private static SubmittedStep Step(string converter, string parameters)
    {
        var values = JsonNode.Parse(parameters)!.AsObject();
        return new SubmittedStep(new Converter(converter, new Uri("http://converter")), values, values);
    }

    private static JobInput Input(byte[] input) => new(input, "image/png", []);
}
