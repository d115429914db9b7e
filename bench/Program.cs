using ImageEditor.Bench;

return await Commands.RunAsync(args);
