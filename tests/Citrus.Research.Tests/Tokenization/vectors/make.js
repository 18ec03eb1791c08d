// How vectors.json was made: Hugging Face's Rust tokenizers (npm `tokenizers` 0.23.2) reading the tokenizer.json beside it.
//   npm install tokenizers && node make.js word && node make.js byte-level
// The tokenizer.json files are what our own trainers wrote from the texts in Corpus.cs.
const { Tokenizer } = require('tokenizers');
const fs = require('fs');
const path = require('path');

(async () => {
  const folder = path.join(__dirname, process.argv[2]);
  const strings = JSON.parse(fs.readFileSync(path.join(__dirname, 'strings.json')));
  const tokenizer = Tokenizer.fromFile(path.join(folder, 'tokenizer.json'));
  const lines = [];
  for (const text of strings) {
    const ids = [...(await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds()];
    lines.push(JSON.stringify({ text, ids, decoded: await tokenizer.decode(ids, false), skipped: await tokenizer.decode(ids, true) }));
  }
  fs.writeFileSync(path.join(folder, 'vectors.jsonl'), lines.join('\n') + '\n');
})();
