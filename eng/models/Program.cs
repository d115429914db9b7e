using ImageEditor.Models;

if (args is not [var packages, var output])
{
    Console.Error.WriteLine("Usage: Models NODE_MODULES OUTPUT");
    return 2;
}

ModelBuild.Run(packages, output);
return 0;
