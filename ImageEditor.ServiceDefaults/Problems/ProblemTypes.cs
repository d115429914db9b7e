namespace ImageEditor.ServiceDefaults.Problems;

/// <summary>Every kind of error that this system answers with (docs/api/internal.md lists them for callers).</summary>
public static class ProblemTypes
{
    public static readonly ProblemType InvalidParameters = new("invalid-parameters", 400, "The request is not right");
    public static readonly ProblemType WeakPassword = new("weak-password", 400, "The password is too easy to guess");
    public static readonly ProblemType Unauthorized = new("unauthorized", 401, "Not authorised");
    public static readonly ProblemType InvalidToken = new("invalid-token", 401, "The token is not valid");
    public static readonly ProblemType WrongCredentials = new("wrong-credentials", 401, "Signing in failed");
    public static readonly ProblemType ForeignOrigin = new("foreign-origin", 403, "The request comes from another site");
    public static readonly ProblemType HttpsRequired = new("https-required", 403, "Plain HTTP is not served here");
    public static readonly ProblemType UnknownConverter = new("unknown-converter", 404, "There is no such converter");
    public static readonly ProblemType JobNotFound = new("job-not-found", 404, "There is no such job");
    public static readonly ProblemType PictureNotFound = new("picture-not-found", 404, "There is no such picture");
    public static readonly ProblemType RecipeNotFound = new("recipe-not-found", 404, "There is no such recipe");
    public static readonly ProblemType NotFound = new("not-found", 404, "There is nothing here");
    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "This cannot be done here");
    public static readonly ProblemType AddressTaken = new("address-taken", 409, "There is an account with this address");
    public static readonly ProblemType StaleAttempt = new("stale-attempt", 409, "Another attempt has taken over");
    public static readonly ProblemType TooManyRecipes = new("too-many-recipes", 409, "Too many recipes");
    public static readonly ProblemType JobCancelled = new("job-cancelled", 410, "The job was cancelled");
    public static readonly ProblemType PictureDeleted = new("picture-deleted", 410, "The picture was deleted");
    public static readonly ProblemType TooLarge = new("too-large", 413, "Too many bytes");
    public static readonly ProblemType NotAnImage = new("not-an-image", 415, "Not an image that can be read");
    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "Not a kind of body that this call takes");
    public static readonly ProblemType TooManyPixels = new("too-many-pixels", 422, "Too many pixels");
    public static readonly ProblemType SideTooLong = new("side-too-long", 422, "A side is too long");
    public static readonly ProblemType TooManyFrames = new("too-many-frames", 422, "Too many frames");
    public static readonly ProblemType NotDecodable = new("not-decodable", 422, "The image cannot be decoded");
    public static readonly ProblemType NobodyFound = new("nobody-found", 422, "Nobody was recognised");
    public static readonly ProblemType RateLimited = new("rate-limited", 429, "Too many requests");
    public static readonly ProblemType QueueFull = new("queue-full", 429, "The queue is full");
    public static readonly ProblemType StoreFull = new("store-full", 429, "The job store is full");
    public static readonly ProblemType ConversionFailed = new("conversion-failed", 500, "The conversion failed");
    public static readonly ProblemType InternalError = new("internal-error", 500, "Something went wrong here");
    public static readonly ProblemType Unavailable = new("unavailable", 503, "Not available at the moment");
    public static readonly ProblemType Full = new("full", 503, "No slot is free");
    public static readonly ProblemType TimeLimit = new("time-limit", 504, "The conversion took too long");
    public static readonly ProblemType QueueTimeout = new("queue-timeout", 504, "Waited too long in the queue");
}
