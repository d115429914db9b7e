using ImageEditor.JobManager;
using ImageEditor.JobManager.Attempts;
using ImageEditor.JobManager.Descriptors;
using ImageEditor.JobManager.Events;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Queues;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddJobStore();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseInternalKey();
app.UseStoreUnavailable();
app.MapJobs();
app.MapAttempts();
app.MapClaims();
app.MapLeases();
app.MapSaves();
app.MapPublicJobs();
app.MapJobEvents();
app.MapQueues();
app.MapDescriptors();
app.Run();
