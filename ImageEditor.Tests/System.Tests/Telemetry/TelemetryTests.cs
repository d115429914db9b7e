using ImageEditor.Testing.Otlp;

namespace ImageEditor.SystemTests.Telemetry;

/// <summary>
/// Telemetry as an operator sees it: one trace from the upload to the save, the figures, the log records; and nothing in it that opens a
/// door.
/// </summary>
public sealed class TelemetryTests(TelemetryTests.FullRun run) : IClassFixture<TelemetryTests.FullRun>
{
    private const string RedisCommands = "OpenTelemetry.Instrumentation.StackExchangeRedis";
    private const string PostgresCommands = "Npgsql";

    private static readonly string[] ConverterKinds = ["contrast", "pixelate"];
    private static readonly string[] Stages = ["convert", "upload", "thumbnail", "save"];

    private OtlpReceiver Received => run.Run.Receiver;

    [Theory]
    [InlineData("contrast")]
    [InlineData("pixelate")]
    public void Trace_OfASignedInConversion_RunsFromTheGatewayToTheGallery(string converter)
    {
        var trace = new Trace(run.Run.TraceOf(converter == "contrast" ? run.Run.Contrast : run.Run.Pixelate));

        var upload = trace.Root;
        Assert.Equal(("gateway", Span.Types.Kind.Server), (upload.Service, upload.Span.Kind));
        var submission = trace.Only("conversion-manager", Span.Types.Kind.Server, "POST /api/conversions");
        var queued = trace.Only("job-manager", Span.Types.Kind.Server, "POST /jobs");
        var attempt = trace.Only("conversion-manager", Span.Types.Kind.Consumer, "conversion");
        var conversion = trace.Only(converter, Span.Types.Kind.Server, "POST /convert");
        var result = trace.Only("job-manager", Span.Types.Kind.Server, "PUT /jobs/{id}/result");
        var save = trace.Only("conversion-manager", Span.Types.Kind.Consumer, "save");
        var gallery = trace.Only("storage-manager", Span.Types.Kind.Server, "");
        AssertUnder(trace, submission, upload);
        AssertUnder(trace, queued, submission);
        AssertUnder(trace, attempt, submission);
        AssertUnder(trace, conversion, attempt);
        AssertUnder(trace, result, attempt);
        AssertUnder(trace, save, submission);
        AssertUnder(trace, gallery, save);
    }

    [Fact]
    public void Trace_OfASignedInConversion_HasTheStoresCommandsUnderTheServicesThatOwnThem()
    {
        var trace = new Trace(run.Run.TraceOf(run.Run.Contrast));

        foreach (var (parent, script) in new[] { ("POST /jobs", "Create"), ("PUT /jobs/{id}/result", "Complete") })
        {
            var request = trace.Only("job-manager", Span.Types.Kind.Server, parent);
            Assert.Contains(trace.Of("job-manager", RedisCommands), command =>
                command.Span.Name.Contains("EVAL", StringComparison.Ordinal)
                && trace.ParentOf(command) is { } named && named.Span.Name == $"script {script}" && trace.IsUnder(named, request));
        }

        var gallery = trace.Only("storage-manager", Span.Types.Kind.Server, "");
        Assert.Contains(trace.Of("storage-manager", PostgresCommands), command => trace.IsUnder(command, gallery));
    }

    [Fact]
    public void Trace_OfASignUp_HasTheDatabasesCommandsUnderAuthManager()
    {
        var signUp = Received.Spans.First(span =>
            span is { Service: "auth-manager", Span.Kind: Span.Types.Kind.Server }
            && span.Span.Name.Contains("register", StringComparison.Ordinal));
        var trace = new Trace([.. Received.Spans.Where(span => span.TraceId == signUp.TraceId)]);

        Assert.Equal("gateway", trace.Root.Service);
        Assert.Contains(trace.Of("auth-manager", PostgresCommands), command => trace.IsUnder(command, signUp));
    }

    [Fact]
    public void Traces_OfWhatProcessesDoByThemselves_AreNone()
    {
        // A request of a test that goes past the Gateway, and what a killed process never sent, aside: a trace begins where somebody asked.
        Assert.All(
            Received.Spans.Where(span => span.ParentId.Length == 0),
            root => Assert.Contains(root.Span.Kind, new[] { Span.Types.Kind.Server, Span.Types.Kind.Consumer }));
        Assert.DoesNotContain(Received.Spans, span => Texts(span).Any(text =>
            text.EndsWith("/health", StringComparison.Ordinal) || text.EndsWith("/alive", StringComparison.Ordinal)
            || text.Contains("/claims", StringComparison.Ordinal) || text.Contains("/revocations", StringComparison.Ordinal)));
        Assert.DoesNotContain(Received.Spans, span => span.Span.Name.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("job-manager", "image_editor.jobs.accepted", "{job}", "converter")]
    [InlineData("job-manager", "image_editor.jobs.started_at_once", "{job}", "converter")]
    [InlineData("job-manager", "image_editor.jobs.queued", "{job}", "converter")]
    [InlineData("job-manager", "image_editor.jobs.queue_age", "s", "converter")]
    [InlineData("job-manager", "image_editor.jobs.claim_age", "s", "converter")]
    [InlineData("job-manager", "image_editor.jobs.running", "{job}", null)]
    [InlineData("job-manager", "image_editor.jobs.done", "{job}", null)]
    [InlineData("job-manager", "image_editor.jobs.failed", "{job}", null)]
    [InlineData("job-manager", "image_editor.jobs.retried", "{job}", "kind")]
    [InlineData("job-manager", "image_editor.jobs.taken_over", "{job}", null)]
    [InlineData("job-manager", "image_editor.saves.saved", "{save}", null)]
    [InlineData("job-manager", "image_editor.store.bytes", "By", null)]
    [InlineData("storage-manager", "image_editor.pictures.saved", "{picture}", null)]
    [InlineData("conversion-manager", "image_editor.conversion.stage.duration", "s", "converter")]
    [InlineData("gateway", "http.server.request.duration", "s", "http.route")]
    [InlineData("pixelate", "http.server.request.duration", "s", "http.route")]
    [InlineData("pixelate", "process.memory.usage", "By", null)]
    public void Metric_OfARunWithAllThatHappens_Arrives(string service, string name, string unit, string? attribute)
    {
        var exports = Received.Metrics.Where(metric => metric.Service == service && metric.Metric.Name == name).ToList();

        Assert.NotEmpty(exports);
        Assert.All(exports, metric => Assert.Equal(unit, metric.Metric.Unit));
        if (attribute is not null)
        {
            Assert.Contains(exports, metric => metric.Attributes.Any(found => found.Name == attribute));
        }

        // A queue that is empty whenever it is looked at has no age; all else has happened.
        Assert.True(
            name is "image_editor.jobs.queued" or "image_editor.jobs.queue_age" || exports.Max(metric => metric.Total) > 0,
            "It never had a value.");
    }

    [Fact]
    public void Metrics_OfARun_ComeFromEveryServiceAndConverter() =>
        Assert.Equal(run.Run.Senders.Order(), Received.Metrics.Select(metric => metric.Service).Distinct().Order());

    [Fact]
    public void Metric_OfStages_TellsEachConverterAndStage()
    {
        var stages = Received.Metrics
            .Where(metric => metric.Metric.Name == "image_editor.conversion.stage.duration")
            .SelectMany(metric => metric.Points)
            .Select(point => (Value(point, "converter"), Value(point, "stage")))
            .ToHashSet();

        Assert.Superset(
            new HashSet<(string, string)>(from converter in ConverterKinds from stage in Stages select (converter, stage)),
            stages);
    }

    [Fact]
    public void Logs_OfARun_AreNamedEventsInTheirTraces()
    {
        var trace = run.Run.TraceOf(run.Run.Contrast)[0].TraceId;
        var told = Received.Logs.Where(log => log.TraceId == trace).Select(log => (log.Service, log.Record.EventName)).ToHashSet();

        Assert.Contains(("job-manager", "JobDone"), told);
        Assert.Contains(("conversion-manager", "SaveAttemptEnded"), told);
        Assert.Contains(("storage-manager", "PictureSaved"), told);
        Assert.All(
            Received.Logs.Where(log => log.Category.StartsWith("ImageEditor.", StringComparison.Ordinal)),
            log => Assert.NotEmpty(log.Record.EventName));
        var completed = Received.Logs.First(log => log.TraceId == trace && log.Record.EventName == "JobDone");
        Assert.Equal(run.Run.Contrast[3..11], Value(completed.Record.Attributes, "JobId"));
    }

    [Fact]
    public void Pixelate_RefusingAPicture_SaysSoInTheJobsTrace()
    {
        var trace = run.Run.TraceOf(run.Run.Damaged)[0].TraceId;

        var refused = Assert.Single(Received.Logs, log => log.Service == "pixelate" && log.TraceId == trace);
        Assert.Equal("ConversionRefused", refused.Record.EventName);
        Assert.Equal("not-decodable", Value(refused.Record.Attributes, "type"));
        Assert.Contains(Received.Logs, log => log is { Service: "pixelate", Record.EventName: "ConverterStarted" });
        Assert.Contains(Received.Logs, log => log is { Service: "pixelate", Record.EventName: "ConverterStopped" });
    }

    [Fact]
    public void Telemetry_OfAFullRun_HoldsNoSecret()
    {
        Assert.All(run.Run.Secrets, secret => Assert.True(secret.Value.Length >= 16, $"{secret.Key} is too short to look for."));
        Assert.Empty(Leaks.In(Received, run.Run.Secrets));
    }

    [Fact]
    public async Task Telemetry_WithoutRedaction_IsFoundToHoldJobIds()
    {
        await using var open = await TelemetryRun.StartAsync(redact: false, TestContext.Current.CancellationToken);
        await open.ConvertAsync(TestContext.Current.CancellationToken);
        await open.StopAsync();

        Assert.Contains(
            Leaks.In(open.Receiver, open.Secrets), leak => leak.StartsWith("a job's whole id in traces", StringComparison.Ordinal));
    }

    private static void AssertUnder(Trace trace, ReceivedSpan span, ReceivedSpan ancestor) =>
        Assert.True(
            trace.IsUnder(span, ancestor),
            $"{span.Service}'s '{span.Span.Name}' is not under {ancestor.Service}'s '{ancestor.Span.Name}'.");

    private static string Value(IEnumerable<KeyValue> attributes, string name) =>
        attributes.First(attribute => attribute.Key == name).Value.StringValue;

    private static IEnumerable<string> Texts(ReceivedSpan span) =>
        span.Span.Attributes.Select(tag => tag.Value.StringValue).Append(span.Span.Name);

    /// <summary>One system for the tests that look at what it told.</summary>
    public sealed class FullRun : IAsyncLifetime
    {
        public TelemetryRun Run { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var cancel = TestContext.Current.CancellationToken;
            Run = await TelemetryRun.StartAsync(redact: true, cancel);
            await Run.ConvertAsync(cancel);
            await Run.MeetTroubleAsync(cancel);
            await Run.ReceivedAsync(
                "a job that was taken over",
                receiver => receiver.Metrics.Any(metric => metric.Metric.Name == "image_editor.jobs.taken_over"),
                cancel);
            await Run.StopAsync();
        }

        public ValueTask DisposeAsync() => Run is null ? ValueTask.CompletedTask : Run.DisposeAsync();
    }
}
