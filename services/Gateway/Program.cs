using ImageEditor.Gateway.Annotation;
using ImageEditor.Gateway.Certificates;
using ImageEditor.Gateway.Limits;
using ImageEditor.Gateway.OpenApi;
using ImageEditor.Gateway.Proxy;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDevelopmentCertificate();
builder.AddRequestLimits();
builder.AddTransportRules();
builder.AddRequestAnnotator();
builder.AddServiceProxy();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseTransportRules();
app.UseRequestAnnotator();
app.UseRequestLimits();
app.MapApiReference();
app.MapServiceProxy();
app.Run();
