"""The peer of the gpu benchmark: one training case with Transformers' eager model, and peft for adapters.

usage: gpu_peer.py '{"config": {...}, "lora": null | {"r": 16, "alpha": 32, "targets": [...]}, "tokens": 4096, "warmup": 5, "steps": 20, "device": "cuda"}'
Weights bfloat16 and random, attention sdpa, fused torch.optim.AdamW on the bfloat16 weights (no float32 copies: less work and memory than ours), clipping at 1. Prints one JSON line.
"""
import json
import sys
import time

import torch
import transformers
from transformers import Qwen2Config, Qwen2ForCausalLM

case = json.loads(sys.argv[1])
device = torch.device(case["device"])
gpu = device.type == "cuda"
torch.manual_seed(0)
config = Qwen2Config(**case["config"], use_cache=False)
config._attn_implementation = "sdpa"
torch.set_default_dtype(torch.bfloat16)
with device:
    model = Qwen2ForCausalLM(config)
torch.set_default_dtype(torch.float32)
parameters = sum(p.numel() for p in model.parameters())
versions = dict(torch=torch.__version__, transformers=transformers.__version__)
if case["lora"]:
    import peft

    versions["peft"] = peft.__version__
    lora = case["lora"]
    model = peft.get_peft_model(model, peft.LoraConfig(r=lora["r"], lora_alpha=lora["alpha"], target_modules=lora["targets"], lora_dropout=0.0, task_type="CAUSAL_LM"))
model.train()
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-5, betas=(0.9, 0.95), weight_decay=0.1, fused=gpu)


def wait():
    if gpu:
        torch.cuda.synchronize()


times, loss = [], None
for step in range(case["warmup"] + case["steps"]):
    ids = torch.randint(config.vocab_size, (1, case["tokens"]), device=device)
    wait()
    begun = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    loss = model(input_ids=ids, labels=ids).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    found = loss.item()
    wait()
    if step >= case["warmup"]:
        times.append(time.perf_counter() - begun)
print(json.dumps(dict(secondsPerStep=sorted(times)[len(times) // 2], loss=found, parameters=parameters, trained=sum(p.numel() for p in trained),
                      allocatedMiB=torch.cuda.max_memory_allocated() // 2**20 if gpu else None, versions=versions)))
