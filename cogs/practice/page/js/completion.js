/** What opens above the composer while one types: people after "@", commands after "/" at the start. */

import { avatar, badge } from "./avatar.js";
import { el } from "./dom.js";
import { peopleLike } from "./mentions.js";

const MOST = 10;
const SUBCOMMAND = 1;
const SUBCOMMAND_GROUP = 2;

export class Completion {
  /** @param {(command) => void} onCommand  called with {name, shown, hint, options} when a command is chosen */
  constructor(input, room, onCommand) {
    this.input = input;
    this.room = room;
    this.onCommand = onCommand;
    this.items = [];
    this.active = 0;
    this.node = el("div", { class: "completion", id: "completion", role: "listbox", hidden: true });
    input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && this.close(), 150));
  }

  /** Look at what stands before the cursor, and open, change or close. */
  look() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    const command = /^\/([^\n]*)$/.exec(before);
    const mention = /(?:^|\s)@([\p{L}\p{N}.'-]*(?: [\p{L}.'-]*)?)$/u.exec(before);
    if (command) this.show(this.commands(command[1]), "completion.commands");
    else if (mention) this.show(this.people(mention[1]), "completion.people");
    else this.close();
  }

  commands(start) {
    const wanted = start.toLocaleLowerCase();
    const names = (command) => [command.shown, command.name].map((name) => name.toLocaleLowerCase());
    return flat(this.room.channel.commands)
      .filter((command) => names(command).some((name) => name.includes(wanted)))
      .sort((one, other) => names(other).some((name) => name.startsWith(wanted)) - names(one).some((name) => name.startsWith(wanted)))
      .map((command) => ({ show: () => commandRow(command, this.room), label: `/${command.shown}`, take: () => this.takeCommand(command) }));
  }

  people(start) {
    return peopleLike(start, this.room).slice(0, MOST).map((person) => ({
      show: () => [avatar(person.shown_name, { small: true }), el("span", {}, person.shown_name), badge(person, this.room)],
      label: person.shown_name,
      take: () => this.takePerson(person, start),
    }));
  }

  takeCommand(command) {
    this.input.value = "";
    this.onCommand(command);
  }

  takePerson(person, start) {
    const end = this.input.selectionStart;
    const from = end - start.length - 1;
    const text = this.input.value;
    this.input.value = `${text.slice(0, from)}@${person.shown_name} ${text.slice(end)}`;
    const at = from + person.shown_name.length + 2;
    this.input.setSelectionRange(at, at);
    this.input.focus();
  }

  show(items, label) {
    this.items = items;
    this.active = Math.min(this.active, Math.max(0, items.length - 1));
    if (!items.length) {
      this.close();
      return;
    }
    this.node.hidden = false;
    this.node.setAttribute("aria-label", this.room.t(label));
    this.input.setAttribute("aria-expanded", "true");
    this.node.replaceChildren(el("p", { class: "completion-title", "aria-hidden": "true" }, this.room.t(label)), ...items.map((item, at) => this.row(item, at)));
    this.input.setAttribute("aria-activedescendant", `completion-${this.active}`);
    this.node.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }

  row(item, at) {
    return el(
      "div",
      {
        role: "option", id: `completion-${at}`, class: `completion-row${at === this.active ? " active" : ""}`,
        "aria-selected": String(at === this.active), "aria-label": item.label,
        on: { mousedown: (event) => event.preventDefault(), click: () => this.take(at) },
      },
      item.show(),
    );
  }

  take(at) {
    const item = this.items[at];
    this.close();
    item.take();
  }

  /** Handle a key; returns whether it was for this list. */
  key(event) {
    if (this.node.hidden) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      this.active = (this.active + steps[event.key] + this.items.length) % this.items.length;
      this.look();
    } else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") this.take(this.active);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  close() {
    this.node.hidden = true;
    this.active = 0;
    this.items = [];
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

/** Return commands with their subcommands spelled out: {name, shown, hint, options}. */
export function flat(commands) {
  return commands.flatMap((command) => leaves(command, command.name, command.shown_name));
}

function leaves(command, name, shown) {
  const subs = command.options.filter((option) => option.type === SUBCOMMAND || option.type === SUBCOMMAND_GROUP);
  if (!subs.length) return [{ name, shown, hint: command.shown_description, options: command.options }];
  return subs.flatMap((sub) => leaves(sub, `${name} ${sub.name}`, `${shown} ${sub.shown_name}`));
}

function commandRow(command, room) {
  const names = command.options.map((option) => el("span", { class: "option-name" }, option.shown_name));
  return [
    avatar(room.state.bot.username, { bot: true, small: true }),
    el("span", { class: "option-text" }, el("span", {}, el("strong", {}, `/${command.shown}`), " ", names), el("small", {}, command.hint)),
    el("small", { class: "by" }, room.state.bot.username),
  ];
}
