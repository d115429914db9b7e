using System.Net;
using ImageEditor.Gateway.Limits;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.AspNetCore.Http;

namespace ImageEditor.Gateway.Tests.Limits;

public sealed class PartyTests
{
    private readonly Party _party = new("a key of this test");

    [Fact]
    public void Of_TheSameNetwork_IsTheSameParty()
    {
        Assert.Equal(_party.Of(From("192.0.2.1")), _party.Of(From("192.0.2.1")));
        Assert.Equal(_party.Of(From("192.0.2.1")), new Party("a key of this test").Of(From("::ffff:192.0.2.1")));

        // One customer gets a /64.
        Assert.Equal(_party.Of(From("2001:db8::1")), _party.Of(From("2001:db8::ffff:2")));
    }

    [Fact]
    public void Of_AnotherNetworkOrInstallation_IsAnotherParty()
    {
        var party = _party.Of(From("192.0.2.1"));

        Assert.NotEqual(party, _party.Of(From("192.0.2.2")));
        Assert.NotEqual(party, new Party("another key").Of(From("192.0.2.1")));
        Assert.NotEqual(_party.Of(From("2001:db8::1")), _party.Of(From("2001:db8:0:1::1")));
    }

    [Fact]
    public void Of_ASignedInUser_IsTheUserWhereverTheyAre()
    {
        const string User = "0b2ff0b4-6a2c-4f0e-9d3e-6f6d1c7a2b11";

        Assert.Equal(_party.Of(From("192.0.2.1", User)), _party.Of(From("192.0.2.2", User)));
        Assert.NotEqual(_party.Of(From("192.0.2.1", User)), _party.Of(From("192.0.2.1")));
    }

    [Theory]
    [InlineData("192.0.2.1", null)]
    [InlineData("192.0.2.1", "0b2ff0b4-6a2c-4f0e-9d3e-6f6d1c7a2b11")]
    [InlineData(null, null)]
    public void Of_Anybody_IsLettersAndDigits(string? address, string? user) => Assert.Matches("^[a-z0-9]{24,64}$", _party.Of(From(address, user)));

    private static DefaultHttpContext From(string? address, string? user = null)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        if (user is not null)
        {
            context.Request.Headers[ServiceHeaders.AuthenticatedUser] = user;
        }

        return context;
    }
}
