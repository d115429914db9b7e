using ImageEditor.FakeStorageManager;
using ImageEditor.ServiceDefaults.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
builder.Services.AddSingleton<Gallery>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseInternalKey();
app.MapGallery();
app.Run();
