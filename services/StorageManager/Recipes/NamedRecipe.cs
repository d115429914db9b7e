using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Recipes;

/// <summary>All recipes of a person.</summary>
/// <param name="Items">By name.</param>
internal sealed record RecipeList(IReadOnlyList<NamedRecipe> Items);

/// <summary>A recipe that a person keeps under a name.</summary>
/// <param name="Name">Its name, unique among the person's.</param>
/// <param name="UpdatedAt">When it was saved last, UTC.</param>
/// <param name="Recipe">Its steps.</param>
internal sealed record NamedRecipe(string Name, DateTime UpdatedAt, IReadOnlyList<RecipeStep> Recipe);
