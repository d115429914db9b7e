namespace ImageEditor.AuthManager.Keys;

/// <summary>This replica has not been able to read the signing keys yet.</summary>
internal sealed class SigningKeysUnavailableException : Exception
{
    public SigningKeysUnavailableException()
        : base("The signing keys have not been read yet.")
    {
    }
}
