/**
 * Making and comparing elements. Everything that people wrote enters the page here as text nodes; there is no
 * innerHTML anywhere in this page.
 */

/**
 * Return an element.
 * @param {string} tag
 * @param {Object} props  `class`, `on` ({event: handler}), `data` (dataset), or any attribute; null and false are left out
 * @param {...(Node|string|null|false|Array)} children  strings become text nodes
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value" || name === "checked" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  put(node, children);
  return node;
}

/** Append children: nodes, strings (as text), lists of these; null and false are left out. */
export function put(node, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** Fill a node anew, unless `key` (anything that JSON can hold) says that nothing changed. Returns whether it was filled. */
export function refill(node, key, make) {
  const mark = JSON.stringify(key);
  if (node.filledWith === mark) return false;
  node.filledWith = mark;
  const focused = focusMark(node);
  node.replaceChildren();
  put(node, make());
  restoreFocus(node, focused);
  return true;
}

/**
 * Bring the children of `node` in line with `items`, keeping the elements whose key did not change.
 * @param {Array} items
 * @param {(item) => string} idOf    who an item is
 * @param {(item) => string} keyOf   what it shows; another key makes a new element
 * @param {(item) => Element} make
 */
export function reconcile(node, items, idOf, keyOf, make) {
  const known = new Map([...node.children].map((child) => [child.reconcileId, child]));
  let before = null;
  for (const item of items) {
    const id = idOf(item);
    const key = keyOf(item);
    let child = known.get(id);
    known.delete(id);
    if (!child || child.reconcileKey !== key) {
      const made = make(item);
      made.reconcileId = id;
      made.reconcileKey = key;
      if (child) swap(child, made);
      child = made;
    }
    const place = before ? before.nextSibling : node.firstChild;
    if (place !== child) node.insertBefore(child, place);
    before = child;
  }
  for (const gone of known.values()) gone.remove();
}

function swap(old, made) {
  const focused = focusMark(old);
  old.replaceWith(made);
  restoreFocus(made, focused);
}

/** Remember what inside `node` had the focus, by its `data-focus` name; null when nothing had. */
function focusMark(node) {
  const active = document.activeElement;
  if (!active || active === node || !node.contains(active)) return null;
  return active.dataset.focus || "";
}

function restoreFocus(node, mark) {
  if (mark === null) return;
  const same = mark && [...node.querySelectorAll("[data-focus]")].find((item) => item.dataset.focus === mark);
  const target = same && !same.disabled ? same : node.querySelector("[data-focus]:not(:disabled)");
  (target || node).focus({ preventScroll: true });
}

/** Return a number that tells one text from another, for colours and names of elements. */
export function hash(text) {
  let value = 7;
  for (const letter of String(text)) value = (value * 31 + letter.codePointAt(0)) % 100003;
  return value;
}

let counter = 0;

/** Return an id that no other element of this page has. */
export function freshId(prefix = "n") {
  counter += 1;
  return `${prefix}-${counter}`;
}
