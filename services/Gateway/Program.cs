using ImageEditor.Gateway.Authentication;
using ImageEditor.Gateway.Certificates;
using ImageEditor.Gateway.Limits;
using ImageEditor.Gateway.OpenApi;
using ImageEditor.Gateway.Proxy;
using ImageEditor.Gateway.Transport;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDevelopmentCertificate();
builder.AddHttpsAndForwardedHeaders();
builder.AddRequestAuthentication();
builder.AddRequestLimits();
builder.AddApiReference();
builder.AddServiceProxy();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseHttpsAndForwardedHeaders();
app.UseRequestAuthentication();
app.UseRequestLimits();
app.MapApiReference();
app.MapServiceProxy();
app.Run();
