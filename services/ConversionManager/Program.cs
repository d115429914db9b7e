using ImageEditor.ConversionManager;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Previews;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ServiceDefaults.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddConversions();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseInternalKey();
app.MapConversions();
app.MapPreviews();
app.MapConverters();
app.Run();
