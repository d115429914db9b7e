using ImageEditor.JobManager;
using ImageEditor.JobManager.Api;
using ImageEditor.JobManager.Queues;
using ImageEditor.ServiceDefaults.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddJobStore();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseInternalKey();
app.UseStoreProblems();
app.MapJobs();
app.MapAttempts();
app.MapClaims();
app.MapSaves();
app.MapPublicJobs();
app.MapQueues();
app.Run();
