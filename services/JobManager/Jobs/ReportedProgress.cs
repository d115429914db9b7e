using System.Globalization;

namespace ImageEditor.JobManager.Jobs;

/// <summary>How far a job is, as the store keeps it: <c>0.25</c>, or <c>0.25;1</c> with the step of a recipe.</summary>
internal static class ReportedProgress
{
    private const char Separator = ';';

    /// <param name="progress">From 0 to 1; empty when it is null.</param>
    /// <param name="step">The step, from 0; null for a job of one step.</param>
    public static string Format(double? progress, int? step) => progress is not { } value
        ? ""
        : value.ToString("0.####", CultureInfo.InvariantCulture)
        + (step is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Separator}{number}") : "");

    /// <returns>What was formatted.</returns>
    public static (double? Progress, int? Step) Parse(string text)
    {
        var parts = text.Split(Separator);
        double? progress = double.TryParse(parts[0], CultureInfo.InvariantCulture, out var value) ? value : null;
        int? step = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : null;
        return (progress, step);
    }
}
