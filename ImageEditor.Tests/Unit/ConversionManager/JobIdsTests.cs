using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Submissions;
using Microsoft.Extensions.Configuration;

namespace ImageEditor.Tests.Unit.ConversionManager;

public sealed class JobIdsTests
{
    private static readonly Submission Base = Submission("contrast", """{"amount":40}""", [1, 2, 3]);

    [Fact]
    public void Random_IsOfThePartitionAndNeverTheSame()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => JobIds.Random()).ToList();

        Assert.All(ids, id => Assert.Matches("^p0-[0-9a-f]{32}$", id));
        Assert.Equal(1000, ids.Distinct().Count());
    }

    [Fact]
    public void Derived_OfTheSame_IsTheSame() =>
        Assert.Equal(Ids("secret").Derived("ann", "key", Base), Ids("secret").Derived("ann", "key", Submission("contrast", """{"amount":40}""", [1, 2, 3])));

    [Fact]
    public void Derived_OfAnythingElse_IsAnother()
    {
        var ids = Ids("secret");
        string[] all =
        [
            ids.Derived("ann", "key", Base),
            ids.Derived(null, "key", Base),
            ids.Derived("bob", "key", Base),
            ids.Derived("ann", "yek", Base),
            ids.Derived("annk", "ey", Base),
            ids.Derived("ann", "key", Submission("contrast", """{"amount":41}""", [1, 2, 3])),
            ids.Derived("ann", "key", Submission("contras", """{"amount":40}""", [1, 2, 3])),
            ids.Derived("ann", "key", Submission("contrast", """{"amount":40}""", [1, 2, 4])),
            Ids("another secret").Derived("ann", "key", Base),
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
    }

    private static JobIds Ids(string secret) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("InternalKey", secret)]).Build());

    private static Submission Submission(string converter, string parameters, byte[] input) =>
        new(new Converter(converter, new Uri("http://converter")), JsonNode.Parse(parameters)!.AsObject(), input, "image/png");
}
