namespace ImageEditor.JobManager.Saves;

/// <summary>Asks for a save.</summary>
/// <param name="Token">Chosen by the caller; while the lease that it got is held, the same token gets the same claim.</param>
/// <param name="WaitSeconds">How long to wait for one, from 0 to 30.</param>
internal sealed record SaveClaimRequest(string Token, double WaitSeconds = 0);
