using ImageEditor.ServiceDefaults.Security;
using ImageEditor.StorageManager;
using ImageEditor.StorageManager.Gallery;
using ImageEditor.StorageManager.Owners;
using ImageEditor.StorageManager.Recipes;
using ImageEditor.StorageManager.Saves;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddGallery();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseInternalKey();
app.UseUnavailableProblems();
app.MapPictures();
app.MapOwners();
app.MapGallery();
app.MapGalleryArchive();
app.MapRecipes();
app.Run();
