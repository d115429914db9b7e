using ImageEditor.ServiceDefaults.Security;
using ImageEditor.WebFrontend.StaticFiles;

// Beside the assembly, so that the service runs from any working folder.
var webRoot = Path.Combine(AppContext.BaseDirectory, "wwwroot");
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, WebRootPath = webRoot });
builder.AddServiceDefaults();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseInternalKey();
app.UseWebApp();
app.Run();
