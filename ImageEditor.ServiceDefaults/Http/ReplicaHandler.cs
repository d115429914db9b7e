using System.Net;
using Microsoft.Extensions.ServiceDiscovery;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>Spreads requests over a service's replicas, and sends one whose connection could not be made to another replica.</summary>
/// <remarks>
/// A connection that was not made carried nothing, so that this is safe for every method. Whatever fails later is the caller's to decide.
/// Behind one address for all replicas (a cluster's service), the second try is at the same address, which is another replica by then.
/// </remarks>
internal sealed class ReplicaHandler(ServiceEndpointResolver resolver, ReplicaRotation rotation) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri ?? throw new InvalidOperationException("A request needs an address.");
        var source = await resolver.GetEndpointsAsync(uri.GetLeftPart(UriPartial.Authority), cancellationToken);
        var replicas = rotation.Order([.. source.Endpoints.Select(endpoint => AddressOf(endpoint.EndPoint, uri))]);
        var tries = Math.Max(2, replicas.Count);
        for (var attempt = 0; ; attempt++)
        {
            var replica = replicas[attempt % replicas.Count];
            request.RequestUri = replica;
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
            {
                rotation.Refused(replica);
                if (attempt + 1 == tries)
                {
                    throw;
                }
            }
            catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
            {
                // The time to connect ran out: a machine that is gone refuses nothing.
                rotation.Refused(replica);
                if (attempt + 1 == tries)
                {
                    throw new HttpRequestException(HttpRequestError.ConnectionError, $"No connection to {replica.Authority} could be made in time.", exception);
                }
            }
            finally
            {
                request.RequestUri = uri;
            }
        }
    }

    private static Uri AddressOf(EndPoint endPoint, Uri uri)
    {
        var builder = new UriBuilder(uri);
        switch (endPoint)
        {
            case UriEndPoint { Uri: var address }:
                (builder.Scheme, builder.Host, builder.Port) = (address.Scheme, address.Host, address.Port);
                break;
            case DnsEndPoint dns:
                builder.Host = dns.Host;
                builder.Port = dns.Port > 0 ? dns.Port : builder.Port;
                break;
            case IPEndPoint ip:
                builder.Host = ip.Address.ToString();
                builder.Port = ip.Port > 0 ? ip.Port : builder.Port;
                break;
            default:
                throw new NotSupportedException($"Endpoints of type {endPoint.GetType()} are not supported.");
        }

        return builder.Uri;
    }
}
