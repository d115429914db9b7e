using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Pictures;
using Npgsql;

namespace ImageEditor.StorageManager.Recipes;

/// <summary>Keeps the recipes of people. They go with the account.</summary>
internal sealed class RecipeService(Database database)
{
    /// <summary>How many recipes a person may have.</summary>
    public const int MaxRecipes = 100;

    /// <summary>All recipes of an owner, by name.</summary>
    public Task<List<NamedRecipe>> ListAsync(Owner owner, CancellationToken cancellationToken) =>
        database.QueryAsync(Sql.Recipes, ReadRecipe, cancellationToken, owner.Id);

    /// <summary>Reads one; null when the owner has none of this name.</summary>
    public async Task<NamedRecipe?> FindAsync(Owner owner, string name, CancellationToken cancellationToken) =>
        (await database.QueryAsync(Sql.FindRecipe, ReadRecipe, cancellationToken, owner.Id, name)).SingleOrDefault();

    /// <summary>Saves a recipe, in place of the one of this name.</summary>
    public Task<RecipeSaveOutcome> SaveAsync(
        Owner owner, string name, IReadOnlyList<RecipeStep> steps, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            // Those that come at once are counted one after another, and none after the account's end.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(Sql.LockOwner, cancellationToken, owner.Id);
            var saved = await connection.ExecuteAsync(
                Sql.SaveRecipe, cancellationToken, owner.Id, name, Recipe.Write(steps), MaxRecipes);
            if (saved == 0)
            {
                var isGone = await connection.QueryAsync(Sql.IsOwnerGone, row => row.GetBoolean(0), cancellationToken, owner.Id);
                return isGone.Single() ? RecipeSaveOutcome.AccountGone : RecipeSaveOutcome.TooMany;
            }

            await transaction.CommitAsync(cancellationToken);
            return RecipeSaveOutcome.Saved;
        },
        cancellationToken);

    /// <summary>Deletes a recipe, if there is one of this name.</summary>
    public Task DeleteAsync(Owner owner, string name, CancellationToken cancellationToken) =>
        database.ExecuteAsync(Sql.DeleteRecipe, cancellationToken, owner.Id, name);

    private static NamedRecipe ReadRecipe(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetDateTime(1), Recipe.Read(row.GetString(2)));
}
