using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters;

/// <summary>This input will never work: the caller gets the problem as it is.</summary>
public sealed class RefusalException(Problem problem) : Exception(problem.Value.Detail)
{
    /// <summary>What the caller is told.</summary>
    public Problem Problem => problem;
}
