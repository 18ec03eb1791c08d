"""The peer of the training benchmark: the same step in PyTorch eager, as a script would write it. One thread, float32, torch.optim.AdamW.

usage: training_peer.py '{"vocabulary": 600, "hidden": 96, "layers": 3, "heads": 4, "keyHeads": 4, "headSize": 24, "inner": 288, "batch": 16, "length": 95, "masked": 30}'
Prints one JSON line with its versions, then for each line "N" on standard input trains N steps and prints {"seconds": .., "cpuSeconds": .., "loss": ..}.
"""
import json
import math
import os
import platform
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)
S = json.loads(sys.argv[1])
V, d, L, H, K, h, f, B, T, M = (S[k] for k in ("vocabulary", "hidden", "layers", "heads", "keyHeads", "headSize", "inner", "batch", "length", "masked"))


def matrix(*shape): return torch.nn.Parameter(torch.randn(*shape) / math.sqrt(shape[-1]))


def gain(n): return torch.nn.Parameter(torch.ones(n))


embedding, last = torch.nn.Parameter(torch.randn(V, d) * 0.1), gain(d)
layers = [dict(n1=gain(d), qkv=matrix((H + 2 * K) * h, d), qn=gain(h), kn=gain(h), o=matrix(d, H * h), n2=gain(d), up=matrix(2 * f, d), down=matrix(d, f)) for _ in range(L)]
parameters = [embedding, last] + [p for layer in layers for p in layer.values()]
optimizer = torch.optim.AdamW(
    [dict(params=[p for p in parameters if p.dim() == 2]), dict(params=[p for p in parameters if p.dim() == 1], weight_decay=0)],
    lr=1e-3, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.1)
frequencies = 1 / 10000 ** (torch.arange(0, h, 2).float() / h)
angles = torch.arange(T - 1).float()[:, None] * frequencies
cosines, sines = torch.cat([angles.cos()] * 2, -1)[:, None], torch.cat([-angles.sin(), angles.sin()], -1)[:, None]
mask = torch.full((T - 1, T - 1), -1e9).triu(1)


def norm(x, g): return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * g


def turn(z): return z * cosines + z.roll(h // 2, -1) * sines


def loss_of(ids):
    n = T - 1
    x = F.embedding(ids[:, :-1].reshape(-1), embedding)
    for l in layers:
        q, k, v = F.linear(norm(x, l["n1"]), l["qkv"]).view(B, n, H + 2 * K, h).split([H, K, K], 2)
        q, k, v = turn(norm(q, l["qn"])).transpose(1, 2), turn(norm(k, l["kn"])).transpose(1, 2), v.transpose(1, 2)
        if H != K:
            k, v = k.repeat_interleave(H // K, 1), v.repeat_interleave(H // K, 1)
        y = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(h) + mask, -1) @ v
        x = x + F.linear(y.transpose(1, 2).reshape(B * n, H * h), l["o"])
        gate, up = F.linear(norm(x, l["n2"]), l["up"]).split(f, 1)
        x = x + F.linear(F.silu(gate) * up, l["down"])
    learned = norm(x, last).view(B, n, d)[:, M - 1:].reshape(-1, d)
    return F.cross_entropy(F.linear(learned, embedding), ids[:, M:].reshape(-1))


torch.ones(9, 9) @ torch.ones(9, 9)
blas = sorted({os.path.basename(os.path.realpath(line.split()[-1])) for line in open("/proc/self/maps") if "blas" in line.split()[-1] or "mkl_" in line.split()[-1]}) if os.path.exists("/proc/self/maps") else []
print(json.dumps(dict(blas=blas, torch=torch.__version__, python=platform.python_version(), parameters=sum(p.numel() for p in parameters))), flush=True)
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(int(line)):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(torch.randint(V, (B, T)))
        loss.backward()
        optimizer.step()
    found = loss.item()
    print(json.dumps(dict(seconds=time.perf_counter() - wall, cpuSeconds=time.process_time() - cpu, loss=found)), flush=True)
