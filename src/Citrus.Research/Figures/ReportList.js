// A list of any length with only the rows in sight (and a few around them) in the document.

const ROW_HEIGHT = 58;
const MARGIN = 6;
const listNode = document.getElementById('list');
const rowsNode = document.getElementById('rows');
const GLYPH = { [WRONG]: '\u2717', [RIGHT]: '\u2713', [NONE]: '\u2205', [UNCHECKED]: '?' };
const STATE_CLASS = { [WRONG]: 'wrong', [RIGHT]: 'right', [NONE]: 'none', [UNCHECKED]: 'unchecked' };
const STATE_WORD = { [WRONG]: 'wrong', [RIGHT]: 'right', [NONE]: 'no answer', [UNCHECKED]: 'not checked' };

const list = {
  rows: [],       // numbers of the rows that pass the filters, in order
  at: -1,         // place of the selected one among them
  nodes: new Map(),
  open: () => {},
};

function chip(row, run) {
  const own = samplesOf(row, run).filter(i => index.samples.counts[i]);
  const name = plain(index.runs[run].name);
  if (own.length === 0) {
    const asked = isAsked(row, run);
    return el('span', { class: asked ? 'chip missing' : 'chip absent', title: `${name}: ${asked ? 'no sample' : 'not asked'}` }, asked ? '\u2013' : '\u00b7');
  }
  const right = own.filter(i => index.samples.state[i] === RIGHT).length;
  if (own.length > 1) {
    return el('span', { class: 'chip ' + (right === own.length ? 'right' : right === 0 ? 'wrong' : 'mixed'), title: `${name}: ${right} of ${own.length} samples right` }, `${right}/${own.length}`);
  }
  const state = index.samples.state[own[0]];
  const chosen = index.samples.chosen[own[0]];
  return el('span', { class: 'chip ' + STATE_CLASS[state], title: `${name}: ${STATE_WORD[state]}${chosen ? ', chose ' + plain(chosen) : ''}` }, GLYPH[state] + (chosen ? ' ' + chosen : ''));
}

function rowNode(place) {
  const row = list.rows[place];
  const facts = [index.rows.id[row], index.benchmarks[index.rows.benchmark[row]], index.kinds[index.rows.kind[row]]].filter(t => t !== '');
  const node = el('div', { class: 'row', role: 'option', id: 'row-' + row, 'aria-setsize': list.rows.length, 'aria-posinset': place + 1, 'aria-selected': place === list.at ? 'true' : 'false', onclick: () => choose(place) },
    el('span', { class: 'place' }, number(row + 1)),
    el('span', { class: 'line' }, index.rows.stem[row] || '(no text)'),
    el('span', { class: 'facts' }, facts.join(' \u00b7 ')),
    el('span', { class: 'chips' }, ...[...Array(runCount).keys()].map(run => chip(row, run))));
  node.style.transform = `translateY(${place * ROW_HEIGHT}px)`;
  return node;
}

function drawList() {
  const first = Math.max(0, Math.floor(listNode.scrollTop / ROW_HEIGHT) - MARGIN);
  const last = Math.min(list.rows.length, Math.ceil((listNode.scrollTop + listNode.clientHeight) / ROW_HEIGHT) + MARGIN);
  for (const [place, node] of list.nodes) {
    if (place >= first && place < last) continue;
    node.remove();
    list.nodes.delete(place);
  }
  for (let place = first; place < last; place++) {
    if (list.nodes.has(place)) continue;
    const node = rowNode(place);
    list.nodes.set(place, node);
    rowsNode.append(node);
  }
}

// Shows these rows; the selected question stays selected where it is among them.
function fillList(rows) {
  const selected = list.at >= 0 ? list.rows[list.at] : -1;
  list.rows = rows;
  list.at = selected < 0 ? -1 : rows.indexOf(selected);
  for (const node of list.nodes.values()) node.remove();
  list.nodes.clear();
  rowsNode.replaceChildren();
  rowsNode.style.height = `${Math.max(1, rows.length) * ROW_HEIGHT}px`;
  if (rows.length === 0) rowsNode.append(el('p', { class: 'empty' }, 'No question passes these filters.'));
  else if (list.at >= 0) reveal(list.at);
  else listNode.scrollTop = 0;
  drawList();
  mark();
}

function reveal(place) {
  const top = place * ROW_HEIGHT;
  if (top < listNode.scrollTop) listNode.scrollTop = top;
  else if (top + ROW_HEIGHT > listNode.scrollTop + listNode.clientHeight) listNode.scrollTop = top + ROW_HEIGHT - listNode.clientHeight;
}

function mark() {
  for (const [place, node] of list.nodes) node.setAttribute('aria-selected', place === list.at ? 'true' : 'false');
  if (list.at >= 0) listNode.setAttribute('aria-activedescendant', 'row-' + list.rows[list.at]);
  else listNode.removeAttribute('aria-activedescendant');
}

function choose(place) {
  if (list.rows.length === 0) return;
  list.at = Math.max(0, Math.min(list.rows.length - 1, place));
  reveal(list.at);
  drawList();
  mark();
  list.open(list.rows[list.at]);
}

let drawing = 0;
listNode.addEventListener('scroll', () => {
  if (!drawing) drawing = requestAnimationFrame(() => { drawing = 0; drawList(); });
}, { passive: true });
new ResizeObserver(() => drawList()).observe(listNode);
