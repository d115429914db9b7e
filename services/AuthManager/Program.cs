using ImageEditor.AuthManager;
using ImageEditor.AuthManager.Accounts;
using ImageEditor.AuthManager.Keys;
using ImageEditor.AuthManager.Sessions;
using ImageEditor.ServiceDefaults.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddAccounts();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseInternalKey();
app.UseForwardedScheme();
app.MapAccounts();
app.MapSessions();
app.MapKeys();
app.MapRevocations();
app.Run();
