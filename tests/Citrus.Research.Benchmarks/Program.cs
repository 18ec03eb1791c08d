Console.WriteLine("No benchmark named; see environment.md.");
