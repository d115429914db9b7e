namespace ImageEditor.JobManager.Attempts;

/// <summary>Asks for a job.</summary>
/// <param name="Token">Chosen by the caller; while the lease that it got is held, the same token gets the same claim.</param>
/// <param name="Converter">The converter.</param>
/// <param name="WaitSeconds">How long to wait for a job, from 0 to 30.</param>
/// <param name="Recipes">Whether the claimer understands recipes; one of the release before does not say so, and is given none.</param>
internal sealed record ClaimRequest(string Token, string Converter, double WaitSeconds = 0, bool Recipes = false);
