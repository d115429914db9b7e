namespace ImageEditor.ServiceDefaults.Contracts;

/// <summary>The request and response headers that the services of this system agree on.</summary>
public static class ServiceHeaders
{
    /// <summary>
    /// The id of the account that sent a request. The Gateway sets it; it is believed only with the right <see cref="InternalKey"/>.
    /// </summary>
    public const string AuthenticatedUser = "X-Authenticated-User";

    /// <summary>The installation's secret, by which services know each other.</summary>
    public const string InternalKey = "X-Internal-Key";

    /// <summary>Who shares queues with others: an account, or else the network that a request came from, in a form that does not tell it. The Gateway sets it.</summary>
    public const string Party = "X-Internal-Party";

    /// <summary>The scheme by which a request reached the Gateway: <c>http</c> or <c>https</c>.</summary>
    public const string ForwardedScheme = "X-Internal-Scheme";

    /// <summary>What the images in the input of a job are: a JSON array, which whoever saves the job gets again.</summary>
    public const string InputImages = "X-Input-Images";

    /// <summary>What the submitted picture is called: UTF-8, percent-encoded.</summary>
    public const string PictureName = "X-Internal-Picture-Name";

    /// <summary>What a converter found out about a picture: a JSON object.</summary>
    public const string ResultInfo = "X-Result-Info";

    /// <summary>
    /// What a converter was given, in few words: format, depth and what it keeps. It answers so where its result goes to another one
    /// without loss, which gets it as the parameter <c>as</c>.
    /// </summary>
    public const string Original = "X-Original";

    /// <summary>Chosen by a client: a request that is repeated with the same key creates one job.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>How a client wishes to be served (RFC 7240): <c>wait=30</c> asks for the result itself.</summary>
    public const string Prefer = "Prefer";

    /// <summary>Which of the wishes in <see cref="Prefer"/> were heeded.</summary>
    public const string PreferenceApplied = "Preference-Applied";
}
