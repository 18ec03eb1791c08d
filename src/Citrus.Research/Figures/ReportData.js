// The index is read at once; a chunk when one of its questions is opened or searched.

const WRONG = 0, RIGHT = 1, NONE = 2, UNCHECKED = 3;
const index = JSON.parse(document.getElementById('index').textContent);
const rowCount = index.rows.id.length;
const sampleCount = index.samples.row.length;
const runCount = index.runs.length;

// Samples stand in the order of their rows.
const firstSample = new Int32Array(rowCount + 1);
for (let i = 0; i < sampleCount; i++) firstSample[index.samples.row[i] + 1]++;
for (let row = 0; row < rowCount; row++) firstSample[row + 1] += firstSample[row];
const hasRepeats = (() => {
  const s = index.samples;
  for (let i = 1; i < sampleCount; i++) if (s.row[i] === s.row[i - 1] && s.run[i] === s.run[i - 1]) return true;
  return false;
})();

const KEPT_CHUNKS = 12;
const parsed = new Map();

function chunkOf(row) {
  let low = 0, high = index.chunks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (index.chunks[middle] <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

function parseChunk(chunk) {
  return JSON.parse(document.getElementById('chunk-' + chunk).textContent);
}

function entryOf(row) {
  const chunk = chunkOf(row);
  let rows = parsed.get(chunk);
  parsed.delete(chunk);
  if (!rows) rows = parseChunk(chunk);
  parsed.set(chunk, rows);
  if (parsed.size > KEPT_CHUNKS) parsed.delete(parsed.keys().next().value);
  return rows[row - index.chunks[chunk]];
}

function samplesOf(row, run) {
  const found = [];
  for (let i = firstSample[row]; i < firstSample[row + 1]; i++) if (run < 0 || index.samples.run[i] === run) found.push(i);
  return found;
}

function isAsked(row, run) {
  return (index.rows.asked[row] >> run & 1) === 1;
}

// What a run says to a question: the choice most of its samples make, the first of equals.
function choiceOf(row, run) {
  const votes = new Map();
  for (const i of samplesOf(row, run)) if (index.samples.counts[i]) votes.set(index.samples.chosen[i], (votes.get(index.samples.chosen[i]) || 0) + 1);
  let best = null;
  for (const [choice, count] of votes) if (best === null || count > votes.get(best)) best = choice;
  return best;
}

// A run's share of right samples of a question; null where it has none.
function shareOf(row, run) {
  let right = 0, all = 0;
  for (let i = firstSample[row]; i < firstSample[row + 1]; i++) {
    if (index.samples.run[i] !== run || !index.samples.counts[i]) continue;
    all++;
    if (index.samples.state[i] === RIGHT) right++;
  }
  return all === 0 ? null : right / all;
}

function betweenRuns(row, how) {
  if (how === 'samples') {
    for (let run = 0; run < runCount; run++) {
      const own = samplesOf(row, run);
      if (own.some(i => index.samples.chosen[i] !== index.samples.chosen[own[0]])) return true;
    }
    return false;
  }
  const runs = [...Array(runCount).keys()].filter(run => shareOf(row, run) !== null);
  if (how === 'answers') return new Set(runs.map(run => choiceOf(row, run))).size > 1;
  const right = runs.filter(run => shareOf(row, run) > 0.5).length;
  return how === 'mixed' ? right > 0 && right < runs.length : how === 'allwrong' ? runs.length > 0 && right === 0 : true;
}

function passes(row, filter) {
  if (filter.benchmark !== '' && index.rows.benchmark[row] !== +filter.benchmark) return false;
  if (filter.kind !== '' && index.rows.kind[row] !== +filter.kind) return false;
  if (filter.tag !== '' && !index.rows.tags[row].includes(+filter.tag)) return false;
  const run = filter.run === '' ? -1 : +filter.run;
  if (filter.outcome === 'missing') {
    const runs = run >= 0 ? [run] : [...Array(runCount).keys()];
    if (!runs.some(r => isAsked(row, r) && samplesOf(row, r).length === 0)) return false;
  } else if (filter.outcome !== '' || filter.tier !== '' || filter.variant !== '') {
    const own = samplesOf(row, run).filter(i => (filter.tier === '' || index.samples.tier[i] === +filter.tier) && (filter.variant === '' || index.samples.variant[i] === +filter.variant));
    const state = i => index.samples.state[i];
    if (filter.outcome === '' || filter.outcome === 'right') {
      if (own.length === 0 || (filter.outcome === 'right' && !own.every(i => state(i) === RIGHT))) return false;
    } else if (filter.outcome === 'notright') {
      const missing = filter.tier === '' && filter.variant === '' && (run >= 0 ? [run] : [...Array(runCount).keys()]).some(r => isAsked(row, r) && samplesOf(row, r).length === 0);
      if (!missing && !own.some(i => state(i) !== RIGHT)) return false;
    } else if (!own.some(i => state(i) === (filter.outcome === 'wrong' ? WRONG : filter.outcome === 'unchecked' ? UNCHECKED : NONE))) {
      return false;
    }
  } else if (run >= 0 && !isAsked(row, run) && samplesOf(row, run).length === 0) {
    return false;
  }
  return filter.between === '' || betweenRuns(row, filter.between);
}

// Wilson's interval of 95 %; right may be a sum of shares.
function wilson(right, n) {
  const z = 1.959963984540054, p = right / n, z2 = z * z;
  const half = z * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)), scale = 1 + z2 / n;
  return [Math.max(0, (p + z2 / (2 * n) - half) / scale), Math.min(1, (p + z2 / (2 * n) + half) / scale)];
}

// Words and "phrases" of a query, in lower case; a question must have them all.
function termsOf(query) {
  const terms = [];
  for (const match of query.toLowerCase().matchAll(/"([^"]+)"?|(\S+)/g)) {
    const term = (match[1] ?? match[2]).replace(/\s+/g, ' ').trim();
    if (term !== '' && term !== '"') terms.push(term);
  }
  return terms;
}

function textsOf(entry) {
  const texts = [entry.id, entry.stem, entry.open ?? '', entry.kind, entry.benchmark, ...entry.prompts];
  for (const pair of [...entry.options, ...entry.tags]) texts.push(pair[1]);
  const trace = t => {
    for (const step of t.steps) texts.push(step.text, step.feedback ?? '', step.reasoning ?? '');
    texts.push(t.pathway, t.answerText ?? '', t.unusable ?? '');
  };
  for (const sample of entry.samples) {
    texts.push(sample.output ?? '', sample.thinking ?? '', sample.variant ?? '');
    for (const message of sample.messages ?? []) texts.push(message[1]);
    if (sample.trace) trace(sample.trace);
    if (sample.verdict) texts.push(sample.verdict.reason, sample.verdict.said ?? '');
  }
  for (const t of entry.traces ?? []) trace(t);
  for (const other of entry.others ?? []) texts.push(other.stem, ...other.options.map(o => o[1]));
  return texts.join('\n').toLowerCase();
}

// Lower-case texts of chunks that were searched before, as long as they are not too much to keep.
const searchable = new Map();
let searchableLength = 0;
const MOST_SEARCHABLE = 150e6;

function searchTexts(chunk) {
  let texts = searchable.get(chunk);
  if (texts) return texts;
  texts = (parsed.get(chunk) ?? parseChunk(chunk)).map(textsOf);
  const length = texts.reduce((sum, t) => sum + t.length, 0);
  if (searchableLength + length < MOST_SEARCHABLE) {
    searchable.set(chunk, texts);
    searchableLength += length;
  }
  return texts;
}

let searchRun = 0;

// Looks through all chunks, a few milliseconds at a time. A newer search ends an older one.
function search(terms, progress, done) {
  const mine = ++searchRun;
  const hits = new Uint8Array(rowCount);
  let chunk = 0;
  const step = () => {
    if (mine !== searchRun) return;
    const until = performance.now() + 10;
    while (chunk < index.chunks.length && performance.now() < until) {
      const texts = searchTexts(chunk);
      const first = index.chunks[chunk];
      for (let i = 0; i < texts.length; i++) if (terms.every(t => texts[i].includes(t))) hits[first + i] = 1;
      chunk++;
    }
    if (chunk < index.chunks.length) {
      progress(chunk / index.chunks.length);
      setTimeout(step, 0);
    } else {
      done(hits);
    }
  };
  step();
}

function cancelSearch() {
  searchRun++;
}
