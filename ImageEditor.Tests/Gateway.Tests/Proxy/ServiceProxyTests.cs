using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using ImageEditor.Gateway.Proxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace ImageEditor.Gateway.Tests.Proxy;

/// <summary>
/// What clients see of a service that is away: the Gateway's proxy before real servers, behind one address that spreads connections over
/// them.
/// </summary>
public sealed class ServiceProxyTests
{
    /// <summary>Callers are promised an answer within 2 s; three times that is allowed on a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);

    /// <summary>For what is said without asking anybody; finding out takes longer.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forward_ToAServiceThatSaysNothing_IsUnavailableAndAtOnceFromThenOn()
    {
        await using var server = await TestServer.StartAsync();
        await using var proxy = new SpreadingProxy(server.Address);
        proxy.Freeze(0);
        await using var gateway = await Gateway.StartAsync(proxy.Address);
        var watch = Stopwatch.StartNew();

        var upload = gateway.Client.PostAsync(new Uri("/any", UriKind.Relative), new ByteArrayContent(new byte[5_000_000]), Cancelled);
        var poll = gateway.Client.GetAsync(new Uri("/any/poll", UriKind.Relative), Cancelled);
        await AssertUnavailableAsync(await upload);
        await AssertUnavailableAsync(await poll);
        Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");

        watch.Restart();
        await AssertUnavailableAsync(
            await gateway.Client.PostAsync(new Uri("/any", UriKind.Relative), new ByteArrayContent(new byte[5_000_000]), Cancelled));
        Assert.True(watch.Elapsed < AtOnce, $"It took {watch.Elapsed}.");

        watch.Restart();
        proxy.Thaw(0);
        while (true)
        {
            using var response = await gateway.Client.GetAsync(new Uri("/any", UriKind.Relative), Cancelled);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                break;
            }
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Forward_ToAServiceThatRefuses_IsUnavailable()
    {
        await using var gateway = await Gateway.StartAsync(TestServer.Nobody());
        var watch = Stopwatch.StartNew();

        await AssertUnavailableAsync(
            await gateway.Client.PostAsync(new Uri("/any", UriKind.Relative), new ByteArrayContent(new byte[5_000_000]), Cancelled));

        Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Forward_RefusedOnce_IsServedWithItsBody()
    {
        await using var server = await TestServer.StartAsync();
        await using var gateway = await Gateway.StartAsync(TestServer.Nobody(), server.Address);

        for (var call = 0; call < 6; call++)
        {
            using var response = await gateway.Client.PostAsync(new Uri("/any", UriKind.Relative), new StringContent("once"), Cancelled);
            Assert.Equal("once", await response.Content.ReadAsStringAsync(Cancelled));
        }

        Assert.Equal(6, server.Calls.Count);
    }

    [Fact]
    public async Task Forward_AQuickCallToAFrozenReplica_IsUnavailableInItsTimeAndOthersAreServed()
    {
        await using var alive = await TestServer.StartAsync();
        await using var frozen = await TestServer.StartAsync();
        await using var proxy = new SpreadingProxy(alive.Address, frozen.Address);
        await using var gateway = await Gateway.StartAsync(proxy.Address);

        // The first connection is the living one's; while its call waits, the service is asked for its health.
        var poll = gateway.Client.GetStringAsync(new Uri("/any/poll", UriKind.Relative), Cancelled);
        await alive.Calls.ReachAsync(1, Cancelled);
        proxy.Freeze(1);
        var (served, unavailable) = (0, 0);
        while (alive.Probes.Count < 6)
        {
            var calls = await Task.WhenAll(
                Enumerable.Range(0, 6).Select(_ => gateway.Client.GetAsync(new Uri("/quick", UriKind.Relative), Cancelled)));
            foreach (var response in calls)
            {
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    served++;
                }
                else
                {
                    unavailable++;
                    await AssertUnavailableAsync(response);
                }
            }
        }

        // Had the service been taken for down, this would have been cut off.
        alive.GoOn();
        Assert.Equal("polled", await poll);
        Assert.True(served > 0 && unavailable > 0, $"{served} served, {unavailable} unavailable.");
    }

    [Fact]
    public async Task Forward_TakenBackByItsClient_IsNobodysFault()
    {
        await using var server = await TestServer.StartAsync();
        await using var gateway = await Gateway.StartAsync(server.Address);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);

        var poll = gateway.Client.GetAsync(new Uri("/any/poll", UriKind.Relative), own.Token);
        await server.Calls.ReachAsync(1, Cancelled);
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);

        Assert.Equal((ForwarderError.RequestCanceled, false), await gateway.Failed.WaitAsync(Cancelled));
    }

    /// <summary>
    /// Every byte that a header may have, in either direction: a header of another program must not make this one unusable.
    /// </summary>
    [Fact]
    public async Task Forward_HeadersOfAnyBytes_ArriveAsTheyAre()
    {
        var value = new string([.. Enumerable.Range('!', '~' - '!').Concat(Enumerable.Range(0x80, 0x80)).Select(number => (char)number)]);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = AnswerAsync(listener, $"HTTP/1.1 200 OK\r\nX-Answer: {value}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        await using var gateway = await Gateway.StartAsync($"http://{listener.LocalEndpoint}");
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Client.BaseAddress!.Host, gateway.Client.BaseAddress.Port, Cancelled);

        await client.GetStream().WriteAsync(
            Encoding.Latin1.GetBytes(
                $"GET /any HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Question: {value}\r\nCookie: name={value}\r\n\r\n"),
            Cancelled);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(Cancelled);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains($"X-Answer: {value}\r\n", answer, StringComparison.Ordinal);
        var question = await served;
        Assert.Contains($"X-Question: {value}\r\n", question, StringComparison.Ordinal);
        Assert.Contains($"Cookie: name={value}\r\n", question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_ATimeThatIsNone_FailsAndNamesTheRoute()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Gateway.StartWithAsync("soon", TestServer.Nobody()));

        Assert.Contains("quick", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("FirstByteSeconds", failure.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Answers one call with these bytes.</summary>
    /// <returns>The call's head, each byte one character.</returns>
    private static async Task<string> AnswerAsync(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync(Cancelled);
        using var reader = new StreamReader(connection.GetStream(), Encoding.Latin1);
        var head = new StringBuilder();
        while (await reader.ReadLineAsync(Cancelled) is { Length: > 0 } line)
        {
            head.Append(line).Append("\r\n");
        }

        await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer), Cancelled);
        return head.ToString();
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(Cancelled);
            Assert.Equal("urn:image-editor:problem:unavailable", problem?.Type);
        }
    }

    /// <summary>
    /// The Gateway's proxy with two routes to one service: <c>/any</c>, and <c>/quick</c>, which has a time until its answer begins.
    /// </summary>
    private sealed class Gateway : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly TaskCompletionSource<(ForwarderError Error, bool Answered)> _failed = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        private Gateway(WebApplication app)
        {
            _app = app;
            Client = new HttpClient();
        }

        public HttpClient Client { get; }

        /// <summary>How the first call that failed did so, and whether anything was answered.</summary>
        public Task<(ForwarderError Error, bool Answered)> Failed => _failed.Task;

        public static Task<Gateway> StartAsync(params string[] services) => StartWithAsync("0.7", services);

        public static async Task<Gateway> StartWithAsync(string firstByteSeconds, params string[] services)
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection(
            [
                new("InternalKey", "a key of this test, long enough"),
                new("ReverseProxy:Routes:any:ClusterId", "service"),
                new("ReverseProxy:Routes:any:Match:Path", "/any/{**rest}"),
                new("ReverseProxy:Routes:any:Transforms:0:PathRemovePrefix", "/any"),
                new("ReverseProxy:Routes:quick:ClusterId", "service"),
                new("ReverseProxy:Routes:quick:Match:Path", "/quick/{**rest}"),
                new("ReverseProxy:Routes:quick:Transforms:0:PathRemovePrefix", "/quick"),
                new("ReverseProxy:Routes:quick:Metadata:FirstByteSeconds", firstByteSeconds),
                new("ReverseProxy:Clusters:service:Destinations:service:Address", "http://service"),
                .. services.Select((address, index) => KeyValuePair.Create<string, string?>($"services:service:http:{index}", address)),
            ]);
            builder.AddServiceDefaults();
            builder.AddServiceProxy();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var gateway = new Gateway(app);
            app.Use(async (context, next) =>
            {
                await next(context);
                if (context.GetForwarderErrorFeature() is { } failure)
                {
                    gateway._failed.TrySetResult((failure.Error, context.Response.HasStarted));
                }
            });
            app.MapServiceProxy();
            await app.StartAsync(Cancelled);
            gateway.Client.BaseAddress = new Uri(app.Urls.Single());
            return gateway;
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _app.DisposeAsync();
        }
    }
}
