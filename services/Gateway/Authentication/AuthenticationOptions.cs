namespace ImageEditor.Gateway.Authentication;

/// <summary>How requests are authenticated (configuration section <c>Authentication</c>).</summary>
internal sealed class AuthenticationOptions
{
    public const string Section = "Authentication";

    /// <summary>How often keys and revocations are fetched: signing out takes effect within this time and a little.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Origins whose pages may act for a signed-in browser, beside the origin that a request was sent to; as in
    /// <c>https://pictures.example.org</c>.
    /// </summary>
    public IList<string> Origins { get; init; } = [];
}
