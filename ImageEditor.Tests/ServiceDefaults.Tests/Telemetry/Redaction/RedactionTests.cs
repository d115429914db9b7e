using System.Collections;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using ImageEditor.ServiceDefaults.Telemetry.Redaction;
using ImageEditor.Testing.Otlp;
using Microsoft.Extensions.Configuration;

namespace ImageEditor.ServiceDefaults.Tests.Telemetry.Redaction;

/// <summary>What leaves as telemetry tells nothing that opens a door, wherever it stands.</summary>
public sealed class RedactionTests
{
    private const string Id = "p0-0123456789abcdef0123456789abcdef";
    private const string Token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
    private const string Refresh = "Zx3_kQ9vT1bN-mL7cR5wY2hD8fG4jK6pS0aE1uI3oXq";
    private const string Key = "the key of an installation";
    private const int Depth = 2;

    private static readonly SensitiveText Sensitive = SensitiveText.From(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["InternalKey"] = Key,
            ["ConnectionStrings:accounts"] = "Host=db;Username=postgres;Password=a-password-of-postgres;Database=accounts",
            ["ConnectionStrings:job-store"] = "store:6379,password=a-password-of-redis",
        })
        .Build());

    [Theory]
    [InlineData("GET /api/jobs/" + Id + "/preview", "GET /api/jobs/p0-01234567************************/preview")]
    [InlineData("ie:{p0}:blob:" + Id + ":in:00", "ie:{p0}:blob:p0-01234567************************:in:00")]
    [InlineData("user=somebody+cats@mail.example.org failed", "user=****************************** failed")]
    [InlineData("?email=a.b%40example.org&x=1", "?email=*****************&x=1")]
    [InlineData("Bearer " + Token, "Bearer *************************************************")]
    [InlineData("token " + Refresh + " was used", "token ******************************************* was used")]
    [InlineData("X-Internal-Key: " + Key, "X-Internal-Key: **************************")]
    [InlineData("28P01 for a-password-of-postgres, a-password-of-redis", "28P01 for **********************, *******************")]
    [InlineData("Host=h;Password=other;Port=1", "Host=h;Password=*****;Port=1")]
    [InlineData("?converter=contrast&name=gr%C3%BC%C3%9Fe.png", "?converter=contrast&name=*******************")]
    [InlineData("?Name=me.png&amount=40", "?Name=******&amount=40")]
    [InlineData("name=me.png&converter=contrast", "name=******&converter=contrast")]
    [InlineData("?name=ann's.png&amount=40", "?name=*********&amount=40")]
    [InlineData("?n%61me=ann.png&amount=40", "?n%61me=*******&amount=40")]
    [InlineData("%4E%61m%65=ann.png", "%4E%61m%65=*******")]
    [InlineData("X-Internal-Picture-Name: gr%C3%BC%C3%9Fe.png", "X-Internal-Picture-Name: *******************")]
    [InlineData("/api/recipes/for%20ann?x=1", "/api/recipes/*********?x=1")]
    [InlineData("inline; filename=\"a.jpg\"; filename*=UTF-8''%C3%A4.jpg", "inline; filename=*******; filename*=*****************")]
    [InlineData("form-data; name=\"image\"; filename=\"my cat.png\"", "form-data; name=\"image\"; filename=************")]
    [InlineData("käse@müller.example", "*********************")]
    public void Mask_WhatOpensADoorOrNamesSomebody_LeavesAsterisks(string text, string expected) => Assert.Equal(expected, Mask(text));

    [Theory]
    [InlineData("Job p0-01234567 attempt 2: result handed in, lease Accepted")]
    [InlineData("SELECT id, created_at FROM pictures WHERE owner = $1 AND deleted_at IS NULL")]
    [InlineData("at ImageEditor.JobManager.Store.StoreConnection.<RunAsync>d__5`1.MoveNext() in StoreConnection.cs:line 21")]
    [InlineData("7d2c1c5e-0f7b-4c7e-9a55-6c4f4f6f0a01")]
    [InlineData("ImageEditor.ConversionManager.Attempts.ConversionWorker")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("url.query converter=contrast&amount=40")]
    [InlineData("größer als 20 MB – zu groß")]
    [InlineData("")]
    public void Mask_WhatAnOperatorNeeds_LeavesItAsItIs(string text) => Assert.Equal(text, Mask(text));

    [Fact]
    public void Mask_EveryTextOfEverySignal_FindsEachAndKeepsTheRest()
    {
        foreach (var (schema, whole) in new (OtlpMessage, IMessage)[]
        {
            (OtlpSchema.Traces, Filled(ExportTraceServiceRequest.Descriptor, Depth)[0]),
            (OtlpSchema.Metrics, Filled(ExportMetricsServiceRequest.Descriptor, Depth)[0]),
            (OtlpSchema.Logs, Filled(ExportLogsServiceRequest.Descriptor, Depth)[0]),
        })
        {
            var bytes = whole.ToByteArray();
            var texts = Encoding.Latin1.GetString(bytes).Split(Id).Length - 1;
            Assert.True(texts > 10, "The message holds too few texts to prove anything.");

            schema.Mask(bytes, Sensitive);

            Assert.DoesNotContain(Id, Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
            Assert.Equal(texts, Encoding.Latin1.GetString(bytes).Split("p0-01234567************************").Length - 1);
            Assert.Equal(whole.CalculateSize(), whole.Descriptor.Parser.ParseFrom(bytes).CalculateSize());
        }
    }

    [Fact]
    public void Mask_WhatIsNoMessage_Refuses() =>
        Assert.Throws<InvalidDataException>(() => OtlpSchema.Traces.Mask([0x0A, 0xFF, 0x01, 0x00], Sensitive));

    [Theory]
    [InlineData("http://localhost:4317", true)]
    [InlineData("http://127.0.0.1:4317", true)]
    [InlineData("http://collector:4317", false)]
    public void From_WithRedactionSwitchedOff_AllowsThisMachineOnly(string endpoint, bool isAllowed)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Telemetry:Redact"] = "false",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
        }).Build();

        if (isAllowed)
        {
            Assert.Null(OutgoingRedaction.From(configuration));
        }
        else
        {
            Assert.Contains(
                "Telemetry:Redact",
                Assert.Throws<InvalidOperationException>(() => OutgoingRedaction.From(configuration)).Message,
                StringComparison.Ordinal);
        }
    }

    private static string Mask(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Sensitive.Mask(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>
    /// Messages of a type with a job's id in each of their texts, and in those of the messages in them; values hold values as deep as told.
    /// </summary>
    /// <returns>One with all that fits into one; one more for each value of a field that can have only one of several.</returns>
    private static List<IMessage> Filled(MessageDescriptor type, int depth)
    {
        var whole = type.Parser.ParseFrom(ByteString.Empty);
        var others = new List<IMessage>();
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            var values = ValuesOf(field, depth);
            if (field.IsRepeated)
            {
                values.ForEach(value => ((IList)field.Accessor.GetValue(whole)).Add(value));
            }
            else if (field.RealContainingOneof is null && values.Count == 1)
            {
                field.Accessor.SetValue(whole, values[0]);
            }
            else
            {
                foreach (var value in values)
                {
                    others.Add(type.Parser.ParseFrom(ByteString.Empty));
                    field.Accessor.SetValue(others[^1], value);
                }
            }
        }

        return [whole, .. others];
    }

    private static List<object> ValuesOf(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => [Id],
        FieldType.Bytes when field.ContainingType == AnyValue.Descriptor => [ByteString.CopyFromUtf8(Id)],
        FieldType.Message when field.MessageType == AnyValue.Descriptor => depth == 0 ? [] : [.. Filled(field.MessageType, depth - 1)],
        FieldType.Message => [.. Filled(field.MessageType, depth)],
        FieldType.Fixed64 => [0x4070_2D30_3132_3334ul],
        _ => [],
    };
}
