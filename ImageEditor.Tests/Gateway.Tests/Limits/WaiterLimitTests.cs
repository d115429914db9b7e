using System.Net;
using System.Net.Sockets;
using ImageEditor.Gateway.Limits;
using ImageEditor.Gateway.Proxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageEditor.Gateway.Tests.Limits;

/// <summary>How many submissions of one address may wait for their results, and what becomes of them when the Gateway stops.</summary>
public sealed class WaiterLimitTests
{
    private const int MostWaiters = 20;

    /// <summary>The longest wait that ConversionManager grants.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_TheTwentyFirstWaiterOfAnAddress_DoesNotWaitAndPlacesComeFree()
    {
        await using var service = await WaitingService.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(service.Address);
        using var client = gateway.CreateClient();
        var waiting = Enumerable.Range(0, MostWaiters).Select(_ => SubmitAsync(client)).ToList();
        await service.Waiting.ReachAsync(MostWaiters, Cancelled);

        Assert.Equal("accepted", await SubmitAsync(client));
        Assert.Equal("accepted", await SubmitAsync(client));
        Assert.Equal(MostWaiters, service.Waiting.Count);
        using var neighbour = gateway.CreateClient(IPAddress.Parse("127.0.0.2"));
        waiting.Add(SubmitAsync(neighbour));
        await service.Waiting.ReachAsync(MostWaiters + 1, Cancelled);

        service.GoOn();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("waited", answer));
        Assert.Equal("waited", await SubmitAsync(client));
    }

    [Fact]
    public async Task Submit_AWaiterThatHangsUp_LeavesItsPlace()
    {
        await using var service = await WaitingService.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(service.Address, ("Limits:MaxWaiters", "1"));
        using var client = gateway.CreateClient();
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var first = SubmitAsync(client, own.Token);
        await service.Waiting.ReachAsync(1, Cancelled);

        await own.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await service.HungUp.ReachAsync(1, Cancelled);
        service.GoOn();
        await Until.TrueAsync("its place is free", TimeSpan.FromSeconds(30), async () => await SubmitAsync(client) == "waited", Cancelled);
    }

    [Fact]
    public async Task Call_ThatIsNoSubmission_KeepsItsWish()
    {
        await using var service = await WaitingService.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(service.Address, ("Limits:MaxWaiters", "1"));
        using var client = gateway.CreateClient();
        var waiter = SubmitAsync(client);
        await service.Waiting.ReachAsync(1, Cancelled);

        var other = SendAsync(client, HttpMethod.Get, "/api/others", Cancelled);
        await service.Waiting.ReachAsync(2, Cancelled);

        service.GoOn();
        Assert.Equal("waited", await other);
        Assert.Equal("waited", await waiter);
    }

    [Fact]
    public async Task Stop_WithAWaiter_LetsItEnd()
    {
        await using var service = await WaitingService.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(service.Address);
        using var client = gateway.CreateClient();
        var waiting = SubmitAsync(client);
        await service.Waiting.ReachAsync(1, Cancelled);

        var stop = gateway.StopAsync();
        using (var newcomer = gateway.CreateClient())
        {
            await Until.TrueAsync("nobody new is let in", TimeSpan.FromSeconds(30), () => IsRefusedAsync(newcomer), Cancelled);
        }

        Assert.False(waiting.IsCompleted);
        service.GoOn();
        Assert.Equal("waited", await waiting);
        await stop;
    }

    [Fact]
    public async Task Stop_AsShipped_TakesLongerThanTheLongestWait()
    {
        await using var gateway = await RunningGateway.StartAsync(TestServer.Nobody());

        Assert.InRange(gateway.ShutdownTimeout, LongestWait + TimeSpan.FromSeconds(5), LongestWait * 2);
    }

    private static Task<string> SubmitAsync(HttpClient client, CancellationToken? hangUp = null) =>
        SendAsync(client, HttpMethod.Post, "/api/conversions?converter=grayscale", hangUp ?? Cancelled);

    private static async Task<string> SendAsync(HttpClient client, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Prefer", "wait=30");
        using var response = await client.SendAsync(request, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    private static async Task<bool> IsRefusedAsync(HttpClient client)
    {
        try
        {
            (await client.GetAsync(new Uri("/", UriKind.Relative), Cancelled)).Dispose();
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    /// <summary>The service behind the Gateway: who prefers to wait waits until the test says so.</summary>
    private sealed class WaitingService : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private WaitingService(WebApplication app) => _app = app;

        public string Address => _app.Urls.Single();

        public Tally Waiting { get; } = new();

        public Tally HungUp { get; } = new();

        public static async Task<WaitingService> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var service = new WaitingService(builder.Build());
            service._app.MapGet("/health", () => "healthy");
            service._app.Map("/api/{**rest}", (Delegate)service.AnswerAsync);
            await service._app.StartAsync(Cancelled);
            return service;
        }

        public void GoOn() => _goOn.TrySetResult();

        public async ValueTask DisposeAsync()
        {
            GoOn();
            await _app.DisposeAsync();
        }

        private async Task<string> AnswerAsync(HttpContext context)
        {
            if (!context.Request.Headers.ContainsKey("Prefer"))
            {
                return "accepted";
            }

            Waiting.Add();
            try
            {
                await _goOn.Task.WaitAsync(context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                HungUp.Add();
            }

            return "waited";
        }
    }

    /// <summary>The Gateway's limits and proxy, with the settings that it is shipped with.</summary>
    private sealed class RunningGateway(WebApplication app) : IAsyncDisposable
    {
        public TimeSpan ShutdownTimeout => app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;

        public static async Task<RunningGateway> StartAsync(string service, params (string Name, string Value)[] settings)
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddJsonFile(Path.Combine(Repository.Root, "services", "Gateway", "appsettings.json"));
            builder.Configuration.AddInMemoryCollection(
            [
                new("InternalKey", "a key of this test, long enough"),
                new("ReverseProxy:Routes:others:ClusterId", "conversion-manager"),
                new("ReverseProxy:Routes:others:RateLimiterPolicy", "requests"),
                new("ReverseProxy:Routes:others:Match:Path", "/api/others"),
                new("services:conversion-manager:http:0", service),
                .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)),
            ]);
            builder.AddServiceDefaults();
            builder.AddRequestLimits();
            builder.AddServiceProxy();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            app.UseRequestLimits();
            app.MapServiceProxy();
            await app.StartAsync(Cancelled);
            return new RunningGateway(app);
        }

        /// <param name="from">Where it calls from.</param>
        public HttpClient CreateClient(IPAddress? from = null)
        {
            var handler = new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellationToken) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    try
                    {
                        socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
                        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            };
            return new HttpClient(handler) { BaseAddress = new Uri(app.Urls.Single()) };
        }

        public Task StopAsync() => app.StopAsync(Cancelled);

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
