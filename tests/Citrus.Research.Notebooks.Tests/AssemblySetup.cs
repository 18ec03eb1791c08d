// A running notebook owns the process's console and current folder.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
