/** Buttons and lists under a message, and the newer layout blocks (sections, containers) that hold texts as well. */

import { el } from "./dom.js";
import { attachment, address } from "./files.js";
import { rich } from "./markdown.js";
import { picker } from "./picker.js";
import { selectOptions } from "./choices.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };
const SELECTS = new Set([3, 5, 6, 7, 8]);

/** Return the components of a message. */
export function componentRows(message, room, isLayout) {
  const rows = message.components.map((component) => one(component, message, room));
  return el("div", { class: isLayout ? "layout" : "rows" }, rows);
}

function one(component, message, room) {
  const inside = () => (component.components || []).map((child) => one(child, message, room));
  if (component.type === 1) return el("div", { class: "row" }, inside());
  if (component.type === 2) return button(component, message, room);
  if (SELECTS.has(component.type)) return select(component, message, room);
  if (component.type === 9) return el("div", { class: "section" }, el("div", {}, inside()), one(component.accessory, message, room));
  if (component.type === 10) return el("div", { class: "text" }, rich(component.content, room));
  if (component.type === 12) return el("div", { class: "gallery" }, component.items.map((item) => media(item.media, item.description, message)));
  if (component.type === 11) return media(component.media, component.description, message);
  if (component.type === 13) return file(component, message, room);
  if (component.type === 14) return component.divider === false ? el("div", { class: "gap" }) : el("hr");
  if (component.type === 17) return container(component, inside());
  return null;
}

function container(component, inside) {
  const box = el("div", { class: "card embed layout" }, inside);
  if (component.accent_color) box.style.setProperty("--bar", `#${component.accent_color.toString(16).padStart(6, "0")}`);
  return box;
}

function find(url, message) {
  const name = (url || "").replace("attachment://", "");
  return message.attachments.find((item) => item.filename === name);
}

function media(item, description, message) {
  const found = find(item.url, message);
  const source = address(found ? found.url : item.url);
  return source ? el("img", { class: "picture", src: source, alt: description || "" }) : null;
}

function file(component, message, room) {
  const found = find(component.file.url, message);
  return found ? attachment(found, room) : null;
}

/** Return a button. While the bot answers it is off; a refusal is told by the room. */
function button(component, message, room) {
  const style = STYLES[component.style] || "secondary";
  const label = [component.emoji?.name && !component.emoji.id ? `${component.emoji.name} ` : null, component.label];
  if (component.style === 5) return linkButton(component, label);
  const press = async (event) => {
    const pressed = event.currentTarget;
    pressed.setAttribute("aria-busy", "true");
    await room.act({ act: "click", message: message.id, custom_id: component.custom_id });
    pressed.removeAttribute("aria-busy");
  };
  const data = { custom: component.custom_id, focus: component.custom_id };
  return el("button", { type: "button", class: `button ${style}`, disabled: Boolean(component.disabled), data, on: { click: press } }, label);
}

function linkButton(component, label) {
  const safe = /^https?:\/\//.test(component.url) ? component.url : null;
  return el("a", { class: "button link", href: safe, target: "_blank", rel: "noopener noreferrer nofollow" }, label, " ↗");
}

/** Return a list to choose from. */
function select(component, message, room) {
  const choose = (values) => room.act({ act: "choose", message: message.id, custom_id: component.custom_id, values });
  const least = component.min_values ?? 1;
  return picker(
    {
      label: component.placeholder || room.t("picker.choose"), options: () => selectOptions(component, room),
      least, most: component.max_values ?? 1, disabled: component.disabled, focus: component.custom_id,
      search: component.type !== 3, onChoose: choose, forget: true,
    },
    room,
  );
}
