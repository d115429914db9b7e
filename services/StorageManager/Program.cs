using ImageEditor.ServiceDefaults.Security;
using ImageEditor.StorageManager;
using ImageEditor.StorageManager.Api;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddGallery();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseInternalKey();
app.UseStorageProblems();
app.MapPictures();
app.MapOwners();
app.MapGallery();
app.MapGalleryArchive();
app.Run();
