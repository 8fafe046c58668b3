using System.CommandLine;

RootCommand root = new("Generator based inference: compare data with a generator, simulated or learnt from the data.");
return root.Parse(args).Invoke();
