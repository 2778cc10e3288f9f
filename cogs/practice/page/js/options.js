/** One option of a command as a field: text (with the bot's suggestions), number, yes/no, person, role, channel, file. */

import { el, freshId } from "./dom.js";
import { channels, people, roles } from "./choices.js";
import { fileInput } from "./fields.js";
import { picker } from "./picker.js";
import { toast } from "./toasts.js";

const INTEGER = 4;
const BOOLEAN = 5;
const NUMBER = 10;
const FILE = 11;
const PAUSE_MS = 200;

/**
 * Return {name, node, now, upload?} for an option.
 * @param {{command: Object, values: () => Object}} bar  the command, and what is filled in so far
 */
export function optionField(option, bar, room) {
  const id = freshId("option");
  const made = make(option, id, bar, room);
  const must = option.required && el("span", { class: "must", title: room.t("form.required") }, " *");
  const node = el(
    "div",
    { class: "commandbar-field", data: { option: option.name } },
    el("label", { for: id }, option.shown_name, must),
    made.node,
    el("small", {}, option.shown_description),
  );
  return { name: option.name, node, now: made.now, upload: made.upload };
}

function make(option, id, bar, room) {
  if (option.type === FILE) return fileField(id, room);
  const lists = { 6: () => people(room), 7: () => channels(option, room), 8: () => roles(room), 9: () => [...people(room), ...roles(room, new Set(), "role:")] };
  if (lists[option.type]) return listField(option, id, lists[option.type], room);
  if (option.type === BOOLEAN) return listField(option, id, () => yesNo(room), room);
  if (option.choices.length) return listField(option, id, () => option.choices.map((choice) => ({ value: String(choice.value), label: choice.shown_name, hint: "" })), room);
  return option.autocomplete ? suggestField(option, id, bar, room) : textField(option, id);
}

function yesNo(room) {
  return [{ value: "true", label: room.t("form.yes"), hint: "" }, { value: "false", label: room.t("form.no"), hint: "" }];
}

function textField(option, id) {
  const isNumber = option.type === INTEGER || option.type === NUMBER;
  const node = el("input", {
    id, class: "input", type: isNumber ? "number" : "text", autocomplete: "off", maxlength: option.max_length,
    min: option.min_value, max: option.max_value, step: option.type === NUMBER ? "any" : null,
  });
  return { node, now: () => node.value };
}

function listField(option, id, options, room) {
  const node = picker({ name: option.shown_name, label: room.t("picker.choose"), options, least: option.required ? 1 : 0, most: 1, focus: id }, room);
  node.firstChild.id = id;
  return { node, now: () => node.chosen[0] ?? null };
}

function fileField(id, room) {
  const { node, input } = fileInput(id, 1, room);
  const upload = async () => {
    try {
      return (await room.link.upload([...input.files]))[0];
    } catch (error) {
      toast(room.t("file.failed", { why: error.message }), "refused");
      return null;
    }
  };
  return { node, now: () => null, upload };
}

/** A text for which the bot offers values while one types. */
function suggestField(option, id, bar, room) {
  let picked = null;
  let timer = null;
  const list = el("ul", { class: "plain options suggestions", role: "listbox", hidden: true });
  const input = el("input", { id, class: "input", type: "text", autocomplete: "off", role: "combobox", "aria-expanded": "false" });
  const take = (choice) => {
    picked = choice;
    input.value = choice.name;
    list.hidden = true;
    input.focus();
  };
  const draw = (choices) => {
    list.replaceChildren(...choices.map((choice) => el("li", { role: "option", tabindex: "-1", on: { mousedown: (event) => event.preventDefault(), click: () => take(choice) } }, choice.name)));
    list.hidden = !choices.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const look = async () => {
    const others = { ...bar.values() };
    delete others[option.name];
    const complete = { channel: room.inDm ? "dm" : room.channel.id, name: bar.command.name, option: option.name, text: input.value, options: others };
    const answer = await room.link.ask({ complete }).catch(() => ({ choices: [] }));
    draw(answer.choices);
  };
  const soon = () => {
    picked = null;
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  };
  input.addEventListener("input", soon);
  input.addEventListener("focus", soon);
  input.addEventListener("blur", () => setTimeout(() => (list.hidden = true), 150));
  input.addEventListener("keydown", (event) => {
    const items = [...list.children];
    if (list.hidden || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const at = items.findIndex((item) => item.classList.contains("active"));
    event.preventDefault();
    if (event.key === "Enter") (items[at] || items[0]).click();
    else {
      items[at]?.classList.remove("active");
      items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length].classList.add("active");
    }
  });
  return { node: el("div", { class: "picker" }, input, list), now: () => (picked ? String(picked.value) : input.value) };
}
