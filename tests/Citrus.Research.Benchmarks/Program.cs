using Citrus.Research.Benchmarks;

switch (args)
{
    case ["step", .. var sizes]:
        TrainingStepBenchmark.Run(sizes.Length > 0 ? sizes : ["0.1M", "0.4M", "1M", "4M"]);
        break;
    case ["write", .. var sizes]:
        GenerationBenchmark.Run(sizes.Length > 0 ? sizes : ["0.1M", "0.4M", "1M", "4M"]);
        break;
    case ["decode", .. var options]:
        DecodeBenchmark.Run(options);
        break;
    case ["training", .. var options]:
        return TrainingBenchmark.Run(options);
    case ["gpu", .. var options]:
        return GpuBenchmark.Run(options);
    case ["gpu-case", .. var options]:
        return GpuCase.Run(options);
    case ["tokenizer", .. var options]:
        return TokenizerBenchmark.Run(options);
    case ["load-peak", var folder, var type]:
        LoadBenchmark.Grow(folder, type);
        break;
    case ["load", .. var options]:
        LoadBenchmark.Run(options);
        break;
    case ["synthesis", .. var options]:
        SynthesisBenchmark.Run(options);
        break;
    case ["contamination", .. var options]:
        return ContaminationBenchmark.Run(options);
    case ["questions", .. var options]:
        return QuestionsBenchmark.Run(options);
    case ["kernel", .. var options]:
        return KernelBenchmark.Run(options);
    case ["cache", .. var rows]:
        CacheBenchmark.Run(rows.Length > 0 ? int.Parse(rows[0], System.Globalization.CultureInfo.InvariantCulture) : 1_000_000);
        break;
    default:
        Console.Error.WriteLine("Name a benchmark: step [size ...] (tokens per second of a training step; compare with training_step.py), write [size ...] (of greedy writing), decode [--rounds 3] [--steps 64] [--out FILE] [--alone] (greedy decoding beside llama.cpp), training [--sizes 0.4M,1M,4M,10M] [--rounds 7] [--seconds 2] [--python /usr/bin/python3] [--out FILE] (a step beside PyTorch's), gpu [--cases 0.5B-full,7B-lora,...] [--steps 20] [--python python3] [--peak-tflops N] [--out FILE] [--dry-run] (Qwen2.5 shapes beside Transformers), tokenizer --tokenizer DIR --texts FILE.jsonl [--field answer] [--npm NODE_MODULES] [--out FILE] (encoding beside Hugging Face's Rust), load [--out FILE] (a checkpoint of 1 GB beside a plain read of its file), synthesis [--questions 2000] [--in-flight 256] [--latency-ms 500] [--indented] (a whole run against a server with latency), contamination --questions FILE... --texts FILE.jsonl [--field answer] [--rows 100000] [--out FILE] (test questions looked for in training data), questions --folder DIR [--rounds 5] [--out FILE] (published question files read), kernel [--rounds 7] [--python /usr/bin/python3] [--citrus DLL] [--out FILE] (the Jupyter kernel beside Python's), cache [rows] (look-ups in a reply cache).");
        return 1;
}

return 0;
