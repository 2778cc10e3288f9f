/** The fields of a form: text, list, files, radio and tick boxes. Each knows how to read what was filled in. */

import { el, freshId } from "./dom.js";
import { selectOptions } from "./choices.js";
import { picker } from "./picker.js";

const TEXT = 4;
const FILES = 19;
const RADIO = 21;
const TICKS = 22;
const TICK = 23;
const PARAGRAPH = 2;
const COUNT_FROM = 500;

/** Return {node, id, read, grouped, labelId, count} for a component. `read` gives the value that the act `submit` takes. */
export function field(component, label, room) {
  if (component.type === TEXT) return text(component, room);
  if (component.type === FILES) return files(component, room);
  if (component.type === RADIO || component.type === TICKS) return group(component, room);
  if (component.type === TICK) return tick(component, room);
  return list(component, label, room);
}

function text(component, room) {
  const id = freshId("field");
  const long = component.style === PARAGRAPH;
  const most = component.max_length || 4000;
  const node = el(long ? "textarea" : "input", {
    id, class: "input", placeholder: component.placeholder, maxlength: most, autocomplete: "off", rows: long ? 4 : null,
    type: long ? null : "text", "aria-required": String(component.required ?? true),
  });
  node.value = component.value || "";
  const count = el("small", { class: "letters", "aria-hidden": "true" });
  const tell = () => (count.textContent = long || most - node.value.length < COUNT_FROM ? String(most - node.value.length) : "");
  node.addEventListener("input", tell);
  if (long) tell();
  node.addEventListener("keydown", (event) => {
    if (long && event.key === "Enter" && (event.ctrlKey || event.metaKey)) node.form.requestSubmit();
  });
  return { node, id, count, read: () => node.value };
}

function list(component, label, room) {
  const optional = component.required === false;
  const node = picker(
    {
      name: label, label: component.placeholder || room.t("picker.choose"), options: () => selectOptions(component, room),
      least: optional ? 0 : component.min_values ?? 1, most: component.max_values ?? 1, search: component.type !== 3,
      disabled: component.disabled, focus: component.custom_id,
    },
    room,
  );
  node.firstChild.id = freshId("field");
  return { node, id: node.firstChild.id, read: () => node.chosen };
}

function files(component, room) {
  const id = freshId("field");
  const most = component.max_values || 1;
  const { node, input } = fileInput(id, most, room);
  return { node, id, read: () => room.link.upload([...input.files].slice(0, most)) };
}

/** Return a field for files in the page's own language: {node, input}. */
export function fileInput(id, most, room) {
  const names = el("span", {}, room.t("form.files", { most }));
  const input = el("input", { id, type: "file", class: "hidden", multiple: most > 1 });
  input.addEventListener("change", () => {
    names.textContent = [...input.files].slice(0, most).map((file) => file.name).join(", ") || room.t("form.files", { most });
  });
  const face = el("label", { class: "file-face", for: id }, el("span", { class: "button secondary compact" }, room.t("form.choose_file")), names);
  return { node: el("div", { class: "file-field" }, input, face), input };
}

function group(component, room) {
  const name = freshId("group");
  const labelId = freshId("label");
  const kind = component.type === RADIO ? "radio" : "checkbox";
  const node = el(
    "div",
    { class: "group", role: kind === "radio" ? "radiogroup" : "group", "aria-labelledby": labelId },
    component.options.map((option) => el(
      "label",
      { class: "choice" },
      el("input", { type: kind, name, value: option.value, checked: Boolean(option.default) }),
      el("span", { class: "option-text" }, el("span", {}, option.label), option.description && el("small", {}, option.description)),
    )),
  );
  const chosen = () => [...node.querySelectorAll("input:checked")].map((box) => box.value);
  const read = () => (kind === "radio" ? chosen()[0] ?? null : chosen());
  return { node, labelId, grouped: true, read };
}

function tick(component, room) {
  const id = freshId("field");
  const box = el("input", { id, type: "checkbox", checked: Boolean(component.default) });
  return { node: el("div", { class: "choice" }, box, el("span", { "aria-hidden": "true" }, room.t("form.yes"))), id, read: () => box.checked };
}
