"""How renderings.json was made: chat templates as published, rendered by Jinja2 in the environment that Transformers' apply_chat_template sets up
(immutable sandbox, trim_blocks, lstrip_blocks, loopcontrols, raise_exception).

    python3 render.py make TEMPLATES > renderings.json
    python3 render.py cases TEMPLATE.jinja CASES.json        prints ["text" or null, ...]

TEMPLATES is a folder of NAME.jinja files: the chat_template of Qwen2-7B-Instruct, Qwen2.5-7B-Instruct, Qwen3-8B, Meta-Llama-3-8B-Instruct,
Llama-3.1-8B-Instruct, Llama-3.2-3B-Instruct, Mistral-7B-Instruct-v0.1 (first version), -v0.2 (with system turn), -v0.3 and Mistral-Nemo-Instruct-2407.
The templates are their makers' and are not kept here. Llama 3.2's is given a date; without one Transformers writes the current day.
"""
import json
import os
import sys

import jinja2
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def compiled(path):
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.globals["raise_exception"] = raise_exception
    with open(path, encoding="utf-8", newline="") as file:
        return environment.from_string(file.read())


def rendered(template, context):
    try:
        return template.render(**{k: v for k, v in context.items() if v is not None})
    except jinja2.exceptions.TemplateError:
        return None


def u(text):
    return {"role": "user", "content": text}


def a(text):
    return {"role": "assistant", "content": text}


def s(text):
    return {"role": "system", "content": text}


CONVERSATIONS = [
    [u("Hello")],
    [s("You are a physician."), u("What is fever?")],
    [u("Hello"), a("Hi there"), u("Who are you"), a("   I am an assistant   "), u("Another question")],
    [s("  Be brief.\n"), u("\n 发烧三天 🤒 \t"), a("病毒感染。\n\n"), u("'quoted' \"and\" {{ braces }} {% raw %}")],
    [u("Hello"), a("Hi there")],
    [u("\x85\x1c\u00a0 odd space \u3000\u2028\x1f"), a("\x1d\t x \u200b"), u("\ufeff y \ufeff")],
    [u("Which?"), a("<think>\nFever and cough.\n</think>\n\n<answer>B</answer>")],
    [s("S"), u("One?"), a("<think>first</think>1"), u("Two?"), a("<think>\n\nsecond\nline\n\n</think>\n\n\n2\n")],
    [u("One?"), a("no thought"), u("Two?"), a("\n\tplain")],
    [u("x"), a("<think>\n\n</think>\n\ny"), u("z")],
    [u("unclosed"), a("thought</think>answer"), u("z"), a("a</think>b</think>\n c")],
]


def make(folder):
    lines = []
    for file in sorted(f for f in os.listdir(folder) if f.endswith(".jinja")):
        name = file[: -len(".jinja")]
        template = compiled(os.path.join(folder, file))
        tokens = {"llama": ("<|begin_of_text|>", "<|eot_id|>"), "mistr": ("<s>", "</s>")}.get(name[:5], (None, None))
        for messages in CONVERSATIONS:
            for prompt in [True, False] if messages[-1]["role"] == "user" else [False]:
                for thinking in [True, False] if name == "qwen3" and prompt else [True]:
                    context = {"messages": messages, "add_generation_prompt": prompt, "bos_token": tokens[0], "eos_token": tokens[1],
                               "date_string": "05 Mar 2025" if name == "llama3.2" else None, "enable_thinking": None if thinking else False}
                    lines.append(json.dumps({"template": name, "turns": [[m["role"], m["content"]] for m in messages], "prompt": prompt, "thinking": thinking,
                                             "text": rendered(template, context)}, ensure_ascii=True))
    print("[\n" + ",\n".join(lines) + "\n]")


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    with open(sys.argv[3], encoding="utf-8") as cases:
        print(json.dumps([rendered(compiled(sys.argv[2]), c) for c in json.load(cases)]))
