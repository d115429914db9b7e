using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.ServiceDefaults.Problems;

/// <summary>
/// An error answer: <c>application/problem+json</c>, whatever the request accepts, with <c>Retry-After</c> where trying again helps.
/// </summary>
/// <remarks><see cref="TypedResults.Problem(ProblemDetails)"/> cannot carry the header.</remarks>
public sealed class Problem(ProblemDetails details, TimeSpan? retryAfter = null)
    : IResult, IStatusCodeHttpResult, IContentTypeHttpResult, IValueHttpResult<ProblemDetails>
{
    /// <summary>The media type of every problem.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The body of the answer.</summary>
    public ProblemDetails Value => details;

    /// <summary>When to try again, if that helps.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <inheritdoc/>
    public int? StatusCode => details.Status;

    /// <inheritdoc/>
    public string ContentType => MediaType;

    /// <summary>Says which step of a recipe the problem is about.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="converter">The step's converter, where it names one.</param>
    public Problem InStep(int step, string? converter)
    {
        details.Extensions["step"] = step;
        if (converter is not null)
        {
            details.Extensions["converter"] = converter;
        }

        return this;
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = details.Status ?? StatusCodes.Status500InternalServerError;
        response.Headers.CacheControl = "no-store";
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsJsonAsync(details, options: null, MediaType, httpContext.RequestAborted);
    }
}
