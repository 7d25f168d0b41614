// Finds things in the window as a person does: by what they are and what they are called.
// Sent in front of every script of a story; it keeps nothing in the page.
const roleOfTag = {
  A: 'link', BUTTON: 'button', DIALOG: 'dialog', FOOTER: 'contentinfo', FORM: 'form', H1: 'heading', H2: 'heading',
  H3: 'heading', H4: 'heading', LI: 'listitem', MAIN: 'main', NAV: 'navigation', OL: 'list', OPTION: 'option',
  OUTPUT: 'status', SELECT: 'combobox', TABLE: 'table', TD: 'cell', TEXTAREA: 'textbox', TH: 'columnheader', TR: 'row',
  UL: 'list',
};
const roleOfInput = { checkbox: 'checkbox', radio: 'radio', search: 'searchbox', button: 'button', submit: 'button' };

function roleOf(element) {
  const told = element.getAttribute('role');
  if (told) return told;
  if (element.tagName === 'INPUT') return roleOfInput[element.type] ?? 'textbox';
  if (element.tagName === 'SECTION') return element.matches('[aria-label], [aria-labelledby]') ? 'region' : '';
  return roleOfTag[element.tagName] ?? '';
}

/** In sight and not behind a dialog. */
function shown(element) {
  if (element.closest('[aria-hidden="true"], [inert]')) return false;
  const box = element.getBoundingClientRect();
  if (element.tagName === 'INPUT' && /^(radio|checkbox)$/.test(element.type)) return element.closest('label') !== null || box.width > 0;
  const style = getComputedStyle(element);
  return box.width > 0 && box.height > 0 && style.visibility === 'visible';
}

const tidy = (text) => text.replace(/\s+/g, ' ').trim();

/** The text that is spoken: without what is hidden from those who listen. */
function spoken(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute('aria-hidden') === 'true') return '';
  if (node.tagName === 'RT' || node.tagName === 'RP') return '';
  const label = node.getAttribute('aria-label');
  if (label) return label;
  return Array.from(node.childNodes, spoken).join(getComputedStyle(node).display.startsWith('inline') ? '' : ' ');
}

function nameOf(element) {
  const by = element.getAttribute('aria-labelledby');
  if (by) {
    return tidy(by.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean).map(spoken).join(' '));
  }
  const label = element.getAttribute('aria-label');
  if (label) return tidy(label);
  if (element.labels?.length) return tidy(Array.from(element.labels, spoken).join(' '));
  return tidy(spoken(element)) || tidy(element.title ?? '');
}

/** All elements of this role whose name is `name` (or holds it, when `part` is true), and that hold `text`. */
function all({ role, name, part, text, within }) {
  const roots = within ? all(within) : [document];
  const inside = roots.flatMap((root) => Array.from(root.querySelectorAll('*')));
  return inside.filter((element) => {
    if (role && roleOf(element) !== role) return false;
    if (!shown(element)) return false;
    if (name !== null && name !== undefined) {
      const called = nameOf(element);
      if (part ? !called.includes(name) : called !== name) return false;
    }
    return (text ?? []).every((one) => tidy(element.innerText ?? '').includes(one));
  });
}

/** Calls back with what `ask` gives as soon as that is neither null nor false, or with null after `patience` ms. */
function until(ask, patience, done) {
  const end = performance.now() + patience;
  const look = () => {
    let found = null;
    try {
      found = ask();
    } catch (error) {
      if (performance.now() > end) return done({ failed: String(error) });
    }
    if (found !== null && found !== false && found !== undefined) return done({ found });
    if (performance.now() > end) return done({ found: null });
    setTimeout(look, 30);
  };
  look();
}

/** What stands on the screen, for the message of a story that failed. */
function outline() {
  const named = all({}).filter((element) => /^(button|textbox|searchbox|combobox|dialog|tab|heading|radio|checkbox|option|listbox|alert)$/.test(roleOf(element)));
  const focus = document.activeElement ?? document.body;
  return `${tidy(document.body.innerText).slice(0, 3000)}\n--\nfocus: ${roleOf(focus)} “${nameOf(focus).slice(0, 60)}”${document.hasFocus() ? '' : ', and the window has none'}\n${named.map((element) => `${roleOf(element)} “${nameOf(element).slice(0, 60)}”`).join('; ').slice(0, 3000)}`;
}
