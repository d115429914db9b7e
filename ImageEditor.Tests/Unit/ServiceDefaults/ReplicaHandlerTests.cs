using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageEditor.Tests.Unit.ServiceDefaults;

/// <summary>Real servers on loopback ports, and ports where nobody listens.</summary>
public sealed class ReplicaHandlerTests : IAsyncLifetime
{
    private WebApplication _alive = null!;
    private int _served;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _alive = Server();
        _alive.MapPost("/", async (HttpRequest request) =>
        {
            Interlocked.Increment(ref _served);
            using var reader = new StreamReader(request.Body);
            return await reader.ReadToEndAsync();
        });
        _alive.MapPost("/broken", (HttpContext context) =>
        {
            Interlocked.Increment(ref _served);
            context.Abort();
        });
        await _alive.StartAsync(Cancelled);
    }

    public async ValueTask DisposeAsync() => await _alive.DisposeAsync();

    [Fact]
    public async Task Send_WithADeadReplicaAmongThem_EveryRequestArrives()
    {
        using var client = Client(Nobody(), _alive.Urls.Single(), Nobody());

        for (var request = 0; request < 12; request++)
        {
            using var content = new StreamContent(new MemoryStream("once"u8.ToArray()));
            using var response = await client.PostAsync(new Uri("http://service/"), content, Cancelled);
            Assert.Equal("once", await response.Content.ReadAsStringAsync(Cancelled));
        }

        Assert.Equal(12, _served);
    }

    [Fact]
    public async Task Send_WithAllReplicasDead_SaysThatNoConnectionCouldBeMade()
    {
        using var client = Client(Nobody(), Nobody());

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(new Uri("http://service/"), content: null, Cancelled));

        Assert.Equal(HttpRequestError.ConnectionError, exception.HttpRequestError);
    }

    [Fact]
    public async Task Send_WhenAReplicaBreaksOffAfterTheRequest_IsNotRepeated()
    {
        using var client = Client(_alive.Urls.Single(), _alive.Urls.Single());

        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(new Uri("http://service/broken"), new StringContent("once"), Cancelled));

        Assert.Equal(1, _served);
    }

    [Fact]
    public async Task Send_ToSeveralReplicas_TakesThemInTurn()
    {
        await using var other = Server();
        other.MapPost("/", () => "other");
        await other.StartAsync(Cancelled);
        using var client = Client(_alive.Urls.Single(), other.Urls.Single());

        var answers = new List<string>();
        for (var request = 0; request < 10; request++)
        {
            using var response = await client.PostAsync(new Uri("http://service/"), new StringContent("one"), Cancelled);
            answers.Add(await response.Content.ReadAsStringAsync(Cancelled));
        }

        Assert.Equal(5, answers.Count(answer => answer == "other"));
    }

    private static HttpClient Client(params string[] replicas)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            replicas.Select((address, index) => KeyValuePair.Create<string, string?>($"services:service:http:{index}", address)));
        builder.AddServiceDefaults();
        return builder.Build().Services.GetRequiredService<IHttpClientFactory>().CreateClient("any");
    }

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    /// <summary>An address on this machine that refuses connections.</summary>
    private static string Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
