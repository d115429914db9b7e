using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.Gallery;
using ImageEditor.StorageManager.Pictures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.StorageManager.Recipes;

/// <summary>A person's recipes, through the Gateway.</summary>
internal static class RecipesApi
{
    private const int MaxBytes = 16 << 10;

    private static readonly Problem RecipeNotFound = ProblemTypes.RecipeNotFound.Create(
        "You have no recipe of this name. GET /api/recipes lists what there is.");

    public static RouteGroupBuilder MapRecipes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/recipes").WithTags("Recipes")
            .RequireSignIn()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/", ListAsync)
            .WithName("ListRecipes").WithSummary("Your recipes, by name");
        group.MapGet("/{name}", GetAsync)
            .WithName("GetRecipe").WithSummary("The steps of a recipe")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPut("/{name}", PutAsync)
            .WithName("SaveRecipe").WithSummary("Saves a recipe under a name, in place of the one that has it")
            .WithDescription(
                $"The body is {Recipe.Rule}; 16 KB at most. You may have {RecipeService.MaxRecipes} recipes. "
                + "Their converters and parameters are checked when a picture comes.")
            .Accepts<IReadOnlyList<RecipeStep>>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        group.MapDelete("/{name}", DeleteAsync)
            .WithName("DeleteRecipe").WithSummary("Deletes a recipe, if there is one of this name")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static async Task<Ok<RecipeList>> ListAsync(
        SignedInOwner caller, HttpResponse response, RecipeService recipes, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new RecipeList(await recipes.ListAsync(caller.Owner, cancellationToken)));
    }

    private static async Task<Results<Ok<IReadOnlyList<RecipeStep>>, Problem>> GetAsync(
        string name, SignedInOwner caller, HttpResponse response, RecipeService recipes, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return await recipes.FindAsync(caller.Owner, ParseName(name), cancellationToken) is { } found
            ? TypedResults.Ok(found.Recipe)
            : RecipeNotFound;
    }

    private static async Task<Results<NoContent, Problem>> PutAsync(
        string name, SignedInOwner caller, HttpRequest request, RecipeService recipes, CancellationToken cancellationToken)
    {
        var parsedName = ParseName(name);
        if (Recipe.TryRead(await ReadBodyAsync(request, cancellationToken)) is not { } steps)
        {
            return ProblemTypes.InvalidParameters.Create($"A recipe is {Recipe.Rule}.");
        }

        return await recipes.SaveAsync(caller.Owner, parsedName, steps, cancellationToken) switch
        {
            RecipeSaveOutcome.Saved => TypedResults.NoContent(),
            RecipeSaveOutcome.TooMany => ProblemTypes.TooManyRecipes.Create(
                $"You have {RecipeService.MaxRecipes} recipes already, and may have no more; delete one first."),
            _ => ProblemTypes.Unauthorized.Create("Your account was deleted: sign in with another one."),
        };
    }

    private static async Task<NoContent> DeleteAsync(
        string name, SignedInOwner caller, RecipeService recipes, CancellationToken cancellationToken)
    {
        await recipes.DeleteAsync(caller.Owner, ParseName(name), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>A recipe is called by the rule of pictures. A slash reaches a route as it was sent, in percent signs.</summary>
    private static string ParseName(string name) =>
        PictureName.Parse(name) is { } parsed && !parsed.Contains("%2F", StringComparison.OrdinalIgnoreCase)
            ? parsed
            : throw ProblemTypes.InvalidParameters.Refuse($"A recipe's name has {PictureName.Rule}.");

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= MaxBytes
            ? buffer.AsMemory(0, length)
            : throw ProblemTypes.TooLarge.Refuse($"A recipe has at most {MaxBytes >> 10} KB.");
    }
}
