// How the folders beside this file were made: our own byte-level vocabulary in the shapes in which published tokenizers come, and the ids that
// Hugging Face's Rust tokenizers (npm `tokenizers` 0.23.2) gives for nasty.json.
//   npm install tokenizers && node make.js
const { Tokenizer } = require('tokenizers');
const fs = require('fs');
const path = require('path');

const O200K = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const CL100K = (digits) => `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const split = (Regex, behavior, invert) => ({ type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex }, behavior, invert }, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }] });
const begin = (token, id) => ({ type: 'TemplateProcessing', single: [{ SpecialToken: { id: token, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [{ SpecialToken: { id: token, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }], special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } } });

const base = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'byte-level', 'tokenizer.json')));
const vocab = base.model.vocab;
const allMerges = Object.entries(vocab).flatMap(([token, id]) => [...Array(Math.max(0, token.length - 1)).keys()]
  .map((i) => [token.slice(0, i + 1), token.slice(i + 1), id]).filter(([l, r]) => l in vocab && r in vocab))
  .sort((a, b) => a[2] - b[2] || vocab[a[0]] - vocab[b[0]] || vocab[a[1]] - vocab[b[1]]).map(([l, r]) => [l, r]);
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
const shapes = {
  gpt2: { normalizer: null, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true }, post_processor: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false }, added_tokens: base.added_tokens.map((t) => ({ ...t, normalized: true })) },
  qwen: { normalizer: { type: 'NFC' }, pre_tokenizer: split(CL100K(''), 'Isolated', false), post_processor: byteLevel },
  llama3: { normalizer: null, pre_tokenizer: split(CL100K('{1,3}'), 'Isolated', false), post_processor: { type: 'Sequence', processors: [byteLevel, begin('<|user|>', vocab['<|user|>'])] }, model: { ...base.model, ignore_merges: true, merges: allMerges } },
  tekken: { normalizer: null, pre_tokenizer: split(O200K, 'Removed', true), post_processor: begin('<unk>', vocab['<unk>']), model: { ...base.model, ignore_merges: true, merges: allMerges } },
};

(async () => {
  const strings = JSON.parse(fs.readFileSync(path.join(__dirname, 'nasty.json')));
  for (const [name, shape] of Object.entries(shapes)) {
    const folder = path.join(__dirname, name);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'tokenizer.json'), JSON.stringify({ ...base, ...shape }));
    const tokenizer = Tokenizer.fromFile(path.join(folder, 'tokenizer.json'));
    const lines = [];
    for (const text of strings) {
      const ids = async (addSpecialTokens) => [...(await tokenizer.encode(text, null, { addSpecialTokens })).getIds()];
      lines.push(JSON.stringify([await ids(false), await ids(true)]));
    }
    fs.writeFileSync(path.join(folder, 'ids.json'), '[\n' + lines.join(',\n') + '\n]\n');
  }
})();
