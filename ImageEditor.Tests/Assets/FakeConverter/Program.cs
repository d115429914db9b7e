using ImageEditor.FakeConverter;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSingleton<Calls>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapFakeConverter();
app.Run();
