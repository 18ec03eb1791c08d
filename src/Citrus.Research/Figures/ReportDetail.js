// One question with everything that was said to it, the runs side by side.

const detailNode = document.getElementById('detail');
const detail = { row: -1, terms: [], picks: new Map(), hidden: new Set() };

function stateTag(state, chosen) {
  return el('span', { class: 'tag ' + STATE_CLASS[state] }, `${GLYPH[state]} ${STATE_WORD[state]}${chosen ? ' \u00b7 ' + chosen : ''}`);
}

function showDetail(row, terms) {
  const sameRow = detail.row === row;
  if (!sameRow) detail.picks.clear();
  const top = detailNode.scrollTop;
  detail.row = row;
  detail.terms = terms;
  const entry = entryOf(row);
  detailNode.replaceChildren(
    ...headNodes(row, entry),
    textBlock(entry.stem, terms, 'text stem'),
    ...(entry.open ? [fold('The question reworded without options', () => textBlock(entry.open, terms))] : []),
    optionsNode(entry, entry.samples, terms),
    runsNode(row, entry, terms),
    ...(entry.traces ?? []).map((trace, i) => fold(`Synthesis trace${entry.traces.length > 1 ? ' ' + (i + 1) : ''} \u00b7 ${trace.pathway}`, () => traceNode(trace, null, terms), true, 'fold panel')));
  detailNode.scrollTop = sameRow ? top : 0;
  document.body.classList.add('opened');
}

function clearDetail() {
  detail.row = -1;
  document.body.classList.remove('opened');
  detailNode.replaceChildren(el('p', { class: 'empty' }, 'Choose a question: click one, or press j. Press ? for all keys.'));
}

function headNodes(row, entry) {
  const facts = [entry.benchmark, entry.split === '?' ? '' : entry.split, entry.kind].filter(t => t !== '');
  return [
    el('header', { class: 'detail-title' },
      el('h2', null, `Question ${number(row + 1)}`, el('span', { class: 'id' }, entry.id)),
      el('div', { class: 'actions' },
        el('button', { type: 'button', title: 'Previous (k)', 'aria-label': 'Previous question', onclick: () => choose(list.at - 1) }, '\u2191'),
        el('button', { type: 'button', title: 'Next (j)', 'aria-label': 'Next question', onclick: () => choose(list.at + 1) }, '\u2193'),
        el('button', { type: 'button', class: 'close', title: 'Back to the list (Esc)', onclick: closeDetail }, 'List'))),
    el('p', { class: 'facts' }, facts.map(f => el('span', { class: 'tag' }, f)), entry.tags.map(([name, value]) => el('span', { class: 'tag muted' }, `${name} = ${value}`)),
      entry.known ? null : el('span', { class: 'tag wrong' }, "not among the run's questions"))];
}

function optionsNode(entry, samples, terms) {
  if (entry.options.length === 0) return el('p', { class: 'muted' }, entry.answers.length > 0 ? `Right: ${entry.answers.join(', ')} (the options are not in the questions' file)` : 'The options are not known.');
  const counted = samples.filter(s => !s.earlier);
  const scores = counted.filter(s => s.scores && !detail.hidden.has(s.run));
  const body = entry.options.map(([label, text], place) => {
    const isRight = entry.answers.includes(label);
    const choosers = counted.filter(s => !detail.hidden.has(s.run) && (s.chosen ?? (s.trace && s.trace.answerLabel ? [s.trace.answerLabel] : [])).includes(label));
    const byRun = new Map();
    for (const s of choosers) byRun.set(s.run, (byRun.get(s.run) ?? 0) + 1);
    const chips = [...byRun].map(([run, count]) => {
      const all = counted.filter(s => s.run === run).length;
      return el('span', { class: 'tag ' + (isRight ? 'right' : 'wrong') }, `${runCount > 1 ? index.runs[run].name : 'chosen'}${all > 1 ? ` ${count}/${all}` : ''}`);
    });
    return el('tr', { class: isRight ? 'right-option' : choosers.length > 0 ? 'wrong-option' : null },
      el('th', { scope: 'row' }, label),
      el('td', null, textBlock(text, terms, 'text option')),
      el('td', { class: 'marks' }, isRight ? el('span', { class: 'tag right solid' }, '\u2713 right answer') : null, ...chips),
      scores.length > 0 ? el('td', { class: 'scores' }, scores.slice(0, 12).map(s => scoreBar(s, place))) : null);
  });
  return el('table', { class: 'options', 'aria-label': 'Options' }, el('tbody', null, body));
}

function scoreBar(sample, place) {
  const own = sample.scores[place];
  const name = runCount > 1 ? index.runs[sample.run].name + ': ' : '';
  if (own === null || own === undefined) return el('div', { class: 'muted' }, name + 'not a number');
  const finite = sample.scores.filter(s => s !== null);
  const most = Math.max(...finite);
  const share = Math.exp(own - most) / finite.reduce((sum, s) => sum + Math.exp(s - most), 0);
  return el('div', { class: 'likelihood', title: `${plain(name)}${own.toFixed(3)} nats, ${percent(share)} of the options' likelihood` },
    svg('svg', { width: 80, height: 10, viewBox: '0 0 80 10', 'aria-hidden': 'true' }, svg('rect', { class: 'track', x: 0, y: 2, width: 80, height: 6, rx: 3 }), svg('rect', { class: 'fill', x: 0, y: 2, width: Math.max(1, 80 * share), height: 6, rx: 3 })),
    el('span', null, `${own.toFixed(2)} (${percent(share)})`));
}

function runsNode(row, entry, terms) {
  const runs = [...Array(runCount).keys()].filter(run => entry.samples.some(s => s.run === run) || isAsked(row, run));
  const shown = runs.filter(run => !detail.hidden.has(run));
  const node = el('div', { class: 'runs' });
  if (runs.length > 1) {
    node.append(el('fieldset', { class: 'which' }, el('legend', null, 'Side by side'), runs.map(run => el('button', {
      type: 'button', class: 'pick', 'aria-pressed': detail.hidden.has(run) ? 'false' : 'true', onclick: () => {
        if (detail.hidden.has(run)) detail.hidden.delete(run);
        else detail.hidden.add(run);
        showDetail(row, detail.terms);
      },
    }, index.runs[run].name))));
  }
  node.append(el('div', { class: 'columns' + (shown.length > 1 ? ' many' : '') }, shown.map(run => columnNode(row, entry, run, terms))));
  return node;
}

function columnNode(row, entry, run, terms) {
  const own = entry.samples.filter(s => s.run === run);
  const column = el('article', { class: 'column', 'aria-label': index.runs[run].name, 'data-run': String(run) });
  const head = el('header', null, el('h3', null, index.runs[run].name), index.runs[run].model && el('span', { class: 'muted' }, index.runs[run].model));
  column.append(head);
  const other = (entry.others ?? []).find(o => o.run === run);
  if (other) column.append(fold('Asked differently in this run', () => [textBlock(other.stem, terms, 'text stem'), optionsNode(other, own, terms)]));
  if (own.length === 0) {
    column.append(el('p', { class: 'notice' }, 'No sample: the question counts as wrong in this run.'));
    return column;
  }
  const body = el('div');
  const first = own.findIndex(s => !s.earlier);
  const draw = pick => {
    detail.picks.set(run, pick);
    body.replaceChildren(...sampleNodes(entry, own[pick], terms));
    for (const button of column.querySelectorAll('.repeats button')) button.setAttribute('aria-pressed', button.dataset.pick === String(pick) ? 'true' : 'false');
  };
  if (own.length > 1) {
    column.append(el('div', { class: 'repeats', role: 'group', 'aria-label': 'Samples of this run' }, own.slice(0, 200).map((s, i) => el('button', {
      type: 'button', class: STATE_CLASS[s.state], 'data-pick': String(i), title: [s.variant, s.earlier ? 'an earlier trace' : `sample ${s.repeat + 1}`, STATE_WORD[s.state]].filter(t => t).map(plain).join(', '), onclick: () => draw(i),
    }, `${i + 1} ${GLYPH[s.state]}`))));
  }
  column.append(body);
  draw(Math.min(detail.picks.get(run) ?? Math.max(0, first), own.length - 1));
  return column;
}

function sampleNodes(entry, sample, terms) {
  const chosen = sample.chosen ?? (sample.trace && sample.trace.answerLabel ? [sample.trace.answerLabel] : []);
  const nodes = [el('p', { class: 'verdict-line' }, stateTag(sample.state, chosen.join('')), sample.earlier ? el('span', { class: 'tag muted' }, 'an earlier trace, not counted') : null)];
  if (sample.trace) {
    nodes.push(traceNode(sample.trace, sample.verdict, terms));
    return nodes;
  }
  const facts = [['Answer', answerWords(sample)], ['Found by', TIER[sample.tier] ?? sample.tier], ['Form', sample.wellFormed ? 'as asked' : 'not as asked']];
  if (sample.tokensOut !== undefined || sample.tokensIn !== undefined) facts.push(['Tokens', `${sample.tokensIn === undefined ? '–' : number(sample.tokensIn)} in, ${sample.tokensOut === undefined ? '–' : number(sample.tokensOut)} out`]);
  if (sample.latency !== undefined) facts.push(['Latency', duration(sample.latency)]);
  if (sample.variant) facts.push(['Variant', sample.variant]);
  nodes.push(factList(facts));
  if (sample.thinking) nodes.push(fold(`Thinking (${size(sample.thinking.length)})`, () => textBlock(sample.thinking, terms), false, 'fold thinking'));
  nodes.push(el('h4', null, 'Output'), outputNode(sample, terms));
  const messages = sample.messages ?? (sample.prompt !== undefined ? [['user', entry.prompts[sample.prompt]]] : []);
  if (messages.length > 0) {
    nodes.push(fold(`Messages sent (${messages.length})`, () => messages.slice(0, 500).map(([role, text]) => el('div', { class: 'message' }, el('p', { class: 'role' }, role), textBlock(text, terms)))));
  }
  return nodes;
}

const TIER = { None: 'nothing', Tagged: 'answer tag', Stated: 'a stated letter', OptionText: "an option's text", Judge: 'a judge' };

function answerWords(sample) {
  if (sample.chosen.length === 0) return 'none could be read';
  const words = sample.chosen.join(', ');
  return sample.letter && sample.named && sample.letter !== sample.named ? `${words} (letter ${sample.letter}, but the text of ${sample.named})` : words;
}

// The output as it came. The thought within it is folded in its place, so that nothing is hidden and nothing stands twice.
function outputNode(sample, terms) {
  if (!sample.thought) return textBlock(sample.output, terms, 'text output');
  const [start, length] = sample.thought;
  const before = sample.output.slice(0, start), thought = sample.output.slice(start, start + length), after = sample.output.slice(start + length);
  return el('div', { class: 'output-parts' },
    before !== '' ? textBlock(before, terms, 'text output') : null,
    fold(`Thinking (${size(length)})`, () => textBlock(thought, terms), false, 'fold thinking'),
    after !== '' ? textBlock(after, terms, 'text output') : null);
}
