"""The peer of the synthesis benchmark: asyncio and aiohttp, as a script would do it, with the same numbers of requests.

usage: synthesis_peer.py ADDRESS CALLS.json IN_FLIGHT
CALLS.json lists how many requests each question takes, one after the other. Prints one JSON line.
"""
import asyncio
import json
import resource
import sys
import time

import aiohttp


async def main(address, calls, in_flight):
    gate = asyncio.Semaphore(in_flight)
    system = "role: reasoning-expert\ntask: step\n\n" + "You are a physician who thinks aloud, one step at a time. " * 20
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=in_flight)) as session:

        async def question(number, count):
            async with gate:
                for call in range(count):
                    user = f"### question\nCase {number}: " + "a 43-year-old man with fever and cough. " * 10 + f"\n\nA. Asthma\nB. Pneumonia\n\n### thought\n{call}"
                    body = {"model": "scripted", "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}]}
                    async with session.post(f"{address}/v1/chat/completions", json=body) as response:
                        reply = await response.json()
                        assert reply["choices"][0]["message"]["content"] is not None

        start = time.perf_counter()
        await asyncio.gather(*(question(i, n) for i, n in enumerate(calls)))
        return time.perf_counter() - start


address, path, in_flight = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(path) as file:
    calls = json.load(file)
seconds = asyncio.run(main(address, calls, in_flight))
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "what": f"aiohttp {aiohttp.__version__}, python {sys.version.split()[0]}",
    "requests": sum(calls),
    "seconds": round(seconds, 2),
    "cpuMsPerRequest": round(1000 * (usage.ru_utime + usage.ru_stime) / sum(calls), 3),
    "peakMB": usage.ru_maxrss // 1000,
}))
