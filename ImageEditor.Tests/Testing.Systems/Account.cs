namespace ImageEditor.Testing.Systems;

/// <summary>An account that a test has made, signed in.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">Its address.</param>
/// <param name="AccessToken">Its access token.</param>
/// <param name="RefreshToken">The newest refresh token of its session.</param>
public sealed record Account(Guid Id, string Email, string AccessToken, string RefreshToken)
{
    /// <summary>The password of every account that tests make.</summary>
    public const string Password = "violet otter marble canoe";
}
