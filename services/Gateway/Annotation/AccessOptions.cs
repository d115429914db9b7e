namespace ImageEditor.Gateway.Annotation;

/// <summary>Who is let in (configuration section <c>Access</c>).</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>How often keys and revocations are fetched: a sign-out takes effect within this time and a little.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Origins, beside the one that a request was sent to, whose pages may act for a signed-in browser; as in <c>https://pictures.example.org</c>.</summary>
    public IList<string> Origins { get; init; } = [];
}
