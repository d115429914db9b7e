namespace ImageEditor.ServiceDefaults.Problems;

/// <summary>A request that is refused: the caller is answered with the problem, and nothing is logged as an error.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Value.Detail)
{
    /// <summary>What the caller is answered with.</summary>
    public Problem Problem => problem;
}
