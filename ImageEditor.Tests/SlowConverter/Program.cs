using ImageEditor.Tests.SlowConverter;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSingleton<Calls>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapSlowConverter();
app.Run();
