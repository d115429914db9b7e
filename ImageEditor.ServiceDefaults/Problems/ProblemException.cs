namespace ImageEditor.ServiceDefaults.Problems;

/// <summary>A request that is refused: the caller is answered with the problem, and nothing is logged as an error.</summary>
/// <param name="problem">What the caller is answered with.</param>
/// <param name="cause">What went wrong inside, where something did.</param>
public sealed class ProblemException(Problem problem, Exception? cause = null) : Exception(problem.Value.Detail, cause)
{
    /// <summary>What the caller is answered with.</summary>
    public Problem Problem => problem;
}
