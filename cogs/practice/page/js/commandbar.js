/** A command that is being filled in: its name, a field for each option, and what each means. Enter runs it. */

import { el } from "./dom.js";
import { optionField } from "./options.js";

export class CommandBar {
  constructor(room, composer) {
    this.room = room;
    this.composer = composer;
    this.node = el("form", { class: "commandbar", hidden: true, novalidate: true, on: { submit: (event) => this.run(event), keydown: (event) => this.key(event) } });
  }

  /** Begin with a command: {name, shown, hint, options}. */
  start(command) {
    const { room } = this;
    this.command = command;
    this.fields = command.options.map((option) => optionField(option, { command, values: () => this.values() }, room));
    const run = el("button", { type: "submit", class: "button primary" }, room.t("command.run"));
    this.node.replaceChildren(
      el("div", { class: "commandbar-head" },
        el("strong", {}, `/${command.shown}`),
        el("span", { class: "topic" }, command.hint),
        el("button", { type: "button", class: "ghost", "aria-label": room.t("command.stop"), on: { click: () => this.stop(true) } }, "×")),
      ...this.fields.map((field) => field.node),
      el("div", { class: "commandbar-foot" }, run, el("small", {}, room.t("command.hint"))),
    );
    this.node.setAttribute("aria-label", `/${command.shown}`);
    this.node.hidden = false;
    (this.node.querySelector(".commandbar-field input, .commandbar-field .picker-face") || run).focus();
  }

  stop(refocus = false) {
    this.node.hidden = true;
    this.node.replaceChildren();
    this.command = null;
    if (refocus) this.composer.focus();
  }

  /** Return what was filled in so far, by the options' names. */
  values() {
    const filled = {};
    for (const field of this.fields) {
      const value = field.now();
      if (value !== "" && value !== null && value !== undefined) filled[field.name] = value;
    }
    return filled;
  }

  key(event) {
    if (event.key === "Escape") this.stop(true);
  }

  async run(event) {
    event.preventDefault();
    const { command, room } = this;
    const options = this.values();
    for (const field of this.fields) {
      const path = await field.upload?.();
      if (path) options[field.name] = path;
    }
    const channel = room.inDm ? "dm" : room.channel.id;
    this.stop(true);
    await room.act({ act: "command", name: command.name, options, channel });
  }
}
