// Text from outside becomes text nodes, here and nowhere else: no markup is ever made from it, and no attribute that could act is set.

// Characters that hide, reorder or are nothing to look at; each is shown by its number.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
const FIRST = 20000;
const SLICE = 16384;
const MOST_MARKS = 400;
const ATTRIBUTE = /^(class|id|type|title|role|for|tabindex|open|hidden|disabled|scope|colspan|value|width|height|viewBox|x|y|rx|aria-[a-z]+|data-[a-z]+)$/;

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'onclick') node.addEventListener('click', value);
    else if (name === 'ontoggle') node.addEventListener('toggle', value);
    else if (ATTRIBUTE.test(name)) node.setAttribute(name, value === true ? '' : value);
    else throw new Error('attribute ' + name);
  }
}

// An element with attributes named in this file's list, and children: nodes, or texts that become text nodes.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  set(node, attributes || {});
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) node.append(child.nodeType ? child : plain(String(child)));
  return node;
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  set(node, attributes);
  node.append(...children);
  return node;
}

// One line of text in which nothing reorders or hides.
function plain(text) {
  return text.replace(CONTROL, '\ufffd');
}

function codeName(character) {
  return 'U+' + character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
}

// Appends text with the searched words marked and control characters shown. Bounded: text that is nothing but such things costs no more than other text.
function textInto(node, text, terms) {
  const spots = [];
  CONTROL.lastIndex = 0;
  for (let match = CONTROL.exec(text); match && spots.length < MOST_MARKS; match = CONTROL.exec(text)) {
    let end = match.index + 1;
    while (end < text.length && text[end] === match[0]) end++;
    CONTROL.lastIndex = end;
    spots.push([match.index, end, true]);
  }
  if (terms.length > 0) {
    const lower = text.toLowerCase();
    // Lower case may be longer than the text; then positions would not agree.
    if (lower.length === text.length) {
      for (const term of terms) {
        let found = 0;
        for (let at = lower.indexOf(term); at >= 0 && found < MOST_MARKS; at = lower.indexOf(term, at + term.length), found++) spots.push([at, at + term.length, false]);
      }
    }
    spots.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  }
  let done = 0;
  for (const [start, end, control] of spots) {
    if (start < done) continue;
    if (start > done) node.append(plain(text.slice(done, start)));
    if (control) node.append(el('span', { class: 'control', title: 'a character that is not shown' }, codeName(text[start]) + (end - start > 1 ? ' \u00d7' + number(end - start) : '')));
    else node.append(el('mark', null, text.slice(start, end)));
    done = end;
  }
  if (done < text.length) node.append(plain(text.slice(done)));
}

// Where a slice may end: behind a line end if one is near, never within a pair of surrogates.
function sliceEnd(text, start, size) {
  let end = Math.min(text.length, start + size);
  if (end === text.length) return end;
  const line = text.lastIndexOf('\n', end - 1);
  if (line > start && line > end - 4000) return line + 1;
  const code = text.charCodeAt(end - 1);
  if (code >= 0xd800 && code < 0xdc00) end--;
  return end;
}

function appendSlice(node, text, start, end, terms) {
  const slice = el('div', { class: 'slice' });
  textInto(slice, text.slice(start, end), terms);
  node.append(slice);
}

// A text of any length: the first 20,000 characters, the rest on demand and a slice at a time, so that no text stops the page.
function textBlock(text, terms = [], className = 'text') {
  const block = el('div', { class: className });
  if (text.length === 0) {
    block.append(el('span', { class: 'muted' }, '(empty)'));
    return block;
  }
  const body = el('div', { class: 'slices' });
  block.append(body);
  const end = text.length <= FIRST + 2000 ? text.length : sliceEnd(text, 0, FIRST);
  appendSlice(body, text, 0, end, terms);
  if (end === text.length) return block;
  const lower = terms.length > 0 ? text.toLowerCase() : '';
  const below = terms.some(t => lower.indexOf(t, end) >= 0) && !terms.some(t => lower.lastIndexOf(t, end) >= 0);
  const more = el('button', { type: 'button', class: 'more', onclick: showAll }, `Show all (${size(text.length)})${below ? ' \u2013 what you search is further down' : ''}`);
  block.append(el('p', { class: 'muted' }, `The first ${size(end)} of ${size(text.length)}. `, more));
  function showAll() {
    more.disabled = true;
    let at = end;
    const step = () => {
      const until = performance.now() + 8;
      while (at < text.length && performance.now() < until) {
        const next = sliceEnd(text, at, SLICE);
        appendSlice(body, text, at, next, terms);
        at = next;
      }
      if (at < text.length) {
        more.textContent = `${Math.floor(100 * at / text.length)} %`;
        setTimeout(step, 0);
      } else {
        block.lastChild.remove();
        block.dataset.whole = 'true';
      }
    };
    step();
  }
  return block;
}

function size(characters) {
  return characters < 1000 ? `${characters} characters` : characters < 1e6 ? `${(characters / 1000).toFixed(characters < 1e5 ? 1 : 0)} kB` : `${(characters / 1e6).toFixed(1)} MB`;
}

function number(value) {
  return Math.round(value).toLocaleString('en-US');
}

function percent(share) {
  return (100 * share).toFixed(1) + ' %';
}

function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : ms < 60000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60000).toFixed(1)} min`;
}

// A part that can be folded; what is in it is made when it is first opened.
function fold(title, make, open = false, className = 'fold') {
  const body = el('div', { class: 'fold-body' });
  let made = false;
  const fill = () => {
    if (made) return;
    made = true;
    body.append(...[make()].flat());
  };
  const details = el('details', { class: className, ontoggle: () => { if (details.open) fill(); } }, el('summary', null, title), body);
  if (open) {
    fill();
    details.open = true;
  }
  return details;
}
