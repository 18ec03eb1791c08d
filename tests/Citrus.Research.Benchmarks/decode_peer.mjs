// llama.cpp's side of the benchmark `decode`: greedy decoding of many sequences in one batch, through node-llama-cpp's own bindings.
// Reads one JSON object a line ({"batch": 16, "steps": 64, "threads": 2, "flash": true, "prompts": [[ids], ...]}) and answers with one ({"seconds": .., "tokens": [[ids], ...]}).
// Usage: node decode_peer.mjs MODEL.gguf MAX_THREADS LONGEST   (LONGEST: tokens of a sequence; NODE_LLAMA_CPP names the folder of the package)
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [file, maxThreads, longest] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(join(process.env.NODE_LLAMA_CPP, "dist", "index.js")).href);
const llama = await getLlama({ gpu: false, build: "never", maxThreads, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: file, gpuLayers: 0 });
const say = value => process.stdout.write(JSON.stringify(value) + "\n");
say({ ready: true, vocab: model.fileInfo?.metadata?.tokenizer?.ggml?.tokens?.length });

let context = null;
for await (const line of createInterface({ input: process.stdin })) {
    const { batch, steps, threads, flash, prompts } = JSON.parse(line);
    if (context?.sequences !== batch || context.threads !== threads || context.flash !== flash) {
        await context?.made.dispose();
        const made = await model.createContext({
            sequences: batch, contextSize: longest, batchSize: Math.max(512, batch), threads: { ideal: threads, min: threads }, flashAttention: flash, failedCreationRemedy: false
        });
        context = { made, sequences: batch, threads, flash, ctx: made._ctx, samplers: Array.from({ length: batch }, () => {
            const sampler = new llama._bindings.AddonSampler(model._model);
            sampler.applyConfig({ temperature: 0 });
            return sampler;
        }) };
        context.ctx.setThreads(threads);
    }

    const { ctx, samplers } = context;
    for (let s = 0; s < batch; s++) ctx.disposeSequence(s);
    // The prompts, one after the other: not measured.
    const last = [];
    for (let s = 0; s < batch; s++) {
        ctx.initBatch(prompts[s].length);
        const [at] = ctx.addToBatch(s, 0, Uint32Array.from(prompts[s]), Uint32Array.from([prompts[s].length - 1]));
        await ctx.decodeBatch();
        last.push(await ctx.sampleToken(at, samplers[s]));
    }

    const tokens = last.map(t => [t]);
    const began = process.hrtime.bigint();
    for (let step = 0; step < steps; step++) {
        ctx.initBatch(batch);
        const at = [];
        for (let s = 0; s < batch; s++) at.push(ctx.addToBatch(s, prompts[s].length + step, Uint32Array.of(last[s]), Uint32Array.of(0))[0]);
        await ctx.decodeBatch();
        for (let s = 0; s < batch; s++) {
            last[s] = await ctx.sampleToken(at[s], samplers[s]);
            tokens[s].push(last[s]);
        }
    }

    say({ seconds: Number(process.hrtime.bigint() - began) / 1e9, tokens, threads: ctx.getThreads() });
}

process.exit(0);
