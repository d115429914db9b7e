using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.ServiceDefaults.Problems;

/// <summary>A kind of error that callers can rely on: its name and status never change.</summary>
/// <param name="Name">The last part of the problem's <c>type</c>.</param>
/// <param name="Status">The HTTP status that goes with it.</param>
/// <param name="Title">Names the problem in a few words, the same each time.</param>
public sealed record ProblemType(string Name, int Status, string Title)
{
    private const string Prefix = "urn:image-editor:problem:";

    /// <summary>The problem's <c>type</c>: a URN.</summary>
    public string Uri => Prefix + Name;

    /// <summary>Makes a response of this kind.</summary>
    /// <param name="detail">A sentence that tells the caller what to do.</param>
    /// <param name="retryAfter">When to try again; rounded up to whole seconds.</param>
    public Problem Create(string detail, TimeSpan? retryAfter = null) =>
        new(new ProblemDetails { Type = Uri, Status = Status, Title = Title, Detail = detail }, retryAfter);

    /// <summary>Makes an exception that refuses the request with a response of this kind.</summary>
    /// <param name="detail">A sentence that tells the caller what to do.</param>
    /// <param name="retryAfter">When to try again; rounded up to whole seconds.</param>
    public ProblemException Refuse(string detail, TimeSpan? retryAfter = null) => new(Create(detail, retryAfter));
}
