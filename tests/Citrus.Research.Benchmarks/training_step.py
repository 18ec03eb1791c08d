"""The same step in PyTorch eager, for comparison: python3 training_step.py hidden layers heads key_heads head_size inner [steps]"""
import math, sys, time
import torch, torch.nn.functional as F

torch.set_num_threads(1)
d, L, H, K, hd, f = map(int, sys.argv[1:7])
steps = int(sys.argv[7]) if len(sys.argv) > 7 else 30
V, B, T = 600, 16, 95
torch.manual_seed(0)
P = lambda *s: (torch.randn(*s) / math.sqrt(s[-1])).requires_grad_()
G = lambda n: torch.ones(n).requires_grad_()
emb, head, last = P(V, d), P(V, d), G(d)
layers = [dict(n1=G(d), qkv=P((H + 2 * K) * hd, d), qn=G(hd), kn=G(hd), o=P(d, H * hd), n2=G(d), gu=P(2 * f, d), dn=P(d, f)) for _ in range(L)]
norm = lambda x, g: x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * g
fr = 1 / 10000 ** (torch.arange(0, hd, 2).float() / hd)
an = torch.arange(T).float()[:, None] * fr
cos, sin = torch.cat([an.cos()] * 2, -1)[:, None], torch.cat([-an.sin(), an.sin()], -1)[:, None]
mask = torch.full((T - 1, T - 1), -1e9).triu(1)
mats = [l[k] for l in layers for k in ('qkv', 'o', 'gu', 'dn')]
parts = {id(l['qkv']): [H * hd, K * hd, K * hd] for l in layers}
parts.update({id(l['gu']): [f, f] for l in layers})
rest = [emb, head, last] + [l[k] for l in layers for k in ('n1', 'qn', 'kn', 'n2')]
m1, v1, mb = [torch.zeros_like(p) for p in rest], [torch.zeros_like(p) for p in rest], [torch.zeros_like(p) for p in mats]

def zeropower(g):
    x = g / (g.norm() + 1e-7); t = x.shape[0] > x.shape[1]
    if t: x = x.t()
    for _ in range(5): a = x @ x.t(); x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.t() if t else x

def loss_of(ids, w):
    n = ids.shape[1] - 1
    x = emb[ids[:, :-1].reshape(-1)]
    for l in layers:
        h = (norm(x, l['n1']) @ l['qkv'].t()).view(B, n, H + 2 * K, hd)
        q, k, v = h.split([H, K, K], 2)
        q, k = norm(q, l['qn']), norm(k, l['kn'])
        rot = lambda z: z * cos[:n] + z.roll(hd // 2, -1) * sin[:n]
        q, k, v = rot(q).transpose(1, 2), rot(k).transpose(1, 2), v.transpose(1, 2)
        if H != K: k, v = k.repeat_interleave(H // K, 1), v.repeat_interleave(H // K, 1)
        y = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(hd) + mask[:n, :n], -1) @ v
        x = x + y.transpose(1, 2).reshape(B * n, H * hd) @ l['o'].t()
        g, u = (norm(x, l['n2']) @ l['gu'].t()).split(f, 1)
        x = x + (F.silu(g) * u) @ l['dn'].t()
    i = (w[:, 1:] > 0).reshape(-1).nonzero()[:, 0]
    return F.cross_entropy(norm(x, last)[i] @ head.t(), ids[:, 1:].reshape(-1)[i])

w = torch.zeros(B, T); w[:, 30:] = 1
for st in range(steps + 5):
    if st == 5: t0, c0 = time.time(), time.process_time()
    loss_of(torch.randint(V, (B, T)), w).backward()
    with torch.no_grad():
        for p, m, v in zip(rest, m1, v1):
            g = p.grad; m.mul_(.9).add_(g, alpha=.1); v.mul_(.98).addcmul_(g, g, value=.02)
            p.addcdiv_(m, v.div(1 - .98 ** (st + 1)).sqrt_().add_(1e-9), value=-3e-3 / (1 - .9 ** (st + 1))); p.grad = None
        for p, m in zip(mats, mb):
            g = p.grad; m.mul_(.9).add_(g, alpha=.1); u = g * .1 + m * .9; p.mul_(1 - .02 * .3)
            for z, t in zip(u.split(parts.get(id(p), [p.shape[0]])), p.split(parts.get(id(p), [p.shape[0]]))): t.add_(zeropower(z), alpha=-.02 * max(1, z.shape[0] / z.shape[1]) ** .5)
            p.grad = None
s, c = time.time() - t0, time.process_time() - c0
print(f"pytorch {torch.__version__} d={d} L={L}: {1e3 * s / steps:.2f} ms/step {steps * B * (T - 1) / s:.0f} tokens/s, {1e3 * c / steps:.2f} CPU ms/step {steps * B * (T - 1) / c:.0f} tokens/CPU-s")
