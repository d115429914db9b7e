using ImageEditor.FakeConverter;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSingleton<Calls>();
builder.Services.AddSingleton<Slots>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapFakeConverter();
app.Run();
