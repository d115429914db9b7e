using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageEditor.ServiceDefaults.Problems;

internal static class ProblemDetailsExtensions
{
    public static void AddProblemResponses(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<ExceptionProblemHandler>();
    }

    /// <summary>Turns exceptions and bare error statuses into problems.</summary>
    public static void UseProblemResponses(this IApplicationBuilder app)
    {
        // Errors and cancellations of callers are not logged as errors.
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = context =>
                context.Exception is ProblemException or BadHttpRequestException or OperationCanceledException,
        });
        app.UseStatusCodePages(
            context => ForStatus(context.HttpContext.Response.StatusCode)?.ExecuteAsync(context.HttpContext) ?? Task.CompletedTask);
    }

    private static Problem? ForStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest =>
            ProblemTypes.InvalidParameters.Create("The request could not be read; compare it with the API's description at /openapi."),
        StatusCodes.Status404NotFound => ProblemTypes.NotFound.Create("Check the address; the API is described at /openapi."),
        StatusCodes.Status405MethodNotAllowed => ProblemTypes.MethodNotAllowed.Create("Use one of the methods in the Allow header."),
        StatusCodes.Status415UnsupportedMediaType =>
            ProblemTypes.UnsupportedMediaType.Create("Send what the API's description at /openapi names as this call's content type."),
        _ => null,
    };

    private sealed class ExceptionProblemHandler : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            {
                httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return true;
            }

            await For(exception).ExecuteAsync(httpContext);
            return true;
        }

        private static Problem For(Exception exception) => exception switch
        {
            ProblemException refusal => refusal.Problem,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                ProblemTypes.TooLarge.Create(
                    "The request's body has more bytes than allowed here; send a smaller or more strongly compressed image."),
            BadHttpRequestException bad => ProblemTypes.InvalidParameters.Create(bad.Message),
            _ => ProblemTypes.InternalError.Create(
                "Try again; if it keeps failing, tell whoever runs this installation and quote the time of this request."),
        };
    }
}
