/** A list to choose from, as Discord shows it: a button that opens a listbox, with a search field when the list is long. */

import { el, freshId, refill } from "./dom.js";

const LONG = 12;

/**
 * Return a picker. Its element has `chosen`: the values that are chosen now.
 * @param {Object} plan  `label` (shown when nothing is chosen), `options` (function), `least`, `most`, `disabled`,
 *   `search`, `focus` (its name for keeping the focus), `labelledby`, `onChoose` (values), `forget` (show the label
 *   again afterwards)
 */
export function picker(plan, room) {
  return new Picker(plan, room).node;
}

class Picker {
  constructor(plan, room) {
    this.plan = plan;
    this.room = room;
    this.listId = freshId("list");
    this.active = 0;
    this.options = plan.options();
    this.chosen = this.options.filter((option) => option.chosen).map((option) => option.value);
    this.face = el("button", {
      type: "button", class: "picker-face", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": this.listId,
      disabled: Boolean(plan.disabled), data: { focus: plan.focus || "", custom: plan.focus || "" },
      on: { click: () => this.toggle(), keydown: (event) => this.faceKey(event) },
    });
    this.node = el("div", { class: "picker", on: { focusout: (event) => this.leave(event) } }, this.face);
    Object.defineProperty(this.node, "chosen", { get: () => this.chosen });
    this.drawFace();
  }

  get several() {
    return this.plan.most > 1;
  }

  drawFace() {
    const labels = this.options.filter((option) => this.chosen.includes(option.value)).map((option) => option.label);
    const text = labels.length ? labels.join(", ") : this.plan.label;
    this.face.classList.toggle("empty", !labels.length);
    const spoken = this.plan.name && labels.length ? `${this.plan.name}: ${text}` : this.plan.name || text;
    this.face.setAttribute("aria-label", spoken);
    refill(this.face, [text, this.isOpen], () => [el("span", {}, text), el("span", { class: "arrow", "aria-hidden": "true" }, "▾")]);
  }

  get isOpen() {
    return Boolean(this.popup);
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    this.options = this.plan.options();
    this.before = [...this.chosen];
    this.list = el("ul", {
      class: "plain options", role: "listbox", id: this.listId, tabindex: "0", "aria-multiselectable": String(this.several),
      "aria-label": this.plan.name || this.plan.label, on: { keydown: (event) => this.key(event) },
    });
    const searches = this.plan.search || this.options.length > LONG;
    this.field = searches && el("input", {
      type: "text", class: "search", placeholder: this.room.t("picker.search"), "aria-label": this.room.t("picker.search"),
      role: "combobox", "aria-expanded": "true", "aria-controls": this.listId, autocomplete: "off",
      on: { input: () => this.filter(), keydown: (event) => this.key(event) },
    });
    const done = this.several && el("button", { type: "button", class: "button primary", on: { click: () => this.close() } }, this.room.t("picker.done"));
    this.popup = el("div", { class: "popup" }, this.field, this.list, done);
    this.node.append(this.popup);
    this.face.setAttribute("aria-expanded", "true");
    const at = this.options.findIndex((option) => this.chosen.includes(option.value));
    this.active = Math.max(0, at);
    this.filter();
    (this.field || this.list).focus();
    this.popup.scrollIntoView({ block: "nearest" });
  }

  close({ refocus = true } = {}) {
    if (!this.isOpen) return;
    const { popup } = this;
    this.popup = null; // first: removing the popup takes the focus away, which would close it again
    popup.remove();
    this.face.setAttribute("aria-expanded", "false");
    this.drawFace();
    if (refocus) this.face.focus();
    if (this.several && String(this.before) !== String(this.chosen)) this.choose();
  }

  choose() {
    if (!this.plan.onChoose) return;
    if (this.chosen.length >= this.plan.least) this.plan.onChoose([...this.chosen]);
    if (this.plan.forget) {
      this.chosen = this.options.filter((option) => option.chosen).map((option) => option.value);
      this.drawFace();
    }
  }

  filter() {
    const wanted = this.field ? this.field.value.toLocaleLowerCase() : "";
    this.shown = this.options.filter((option) => `${option.label} ${option.hint}`.toLocaleLowerCase().includes(wanted));
    this.active = Math.min(this.active, Math.max(0, this.shown.length - 1));
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...this.shown.map((option, at) => this.option(option, at)));
    if (!this.shown.length) this.list.append(el("li", { class: "none" }, this.room.t("picker.none")));
    const current = this.list.children[this.active];
    for (const holder of [this.field, this.list]) if (holder) holder.setAttribute("aria-activedescendant", current?.id || "");
    current?.scrollIntoView?.({ block: "nearest" });
  }

  option(option, at) {
    const chosen = this.chosen.includes(option.value);
    return el(
      "li",
      {
        role: "option", id: `${this.listId}-${at}`, "aria-selected": String(chosen), class: at === this.active ? "active" : "",
        data: { value: option.value },
        on: { mousedown: (event) => event.preventDefault(), click: () => this.pick(option) },
      },
      option.sign && el("span", { class: "sign", "aria-hidden": "true" }, option.sign),
      el("span", { class: "option-text" }, el("span", {}, option.label), option.hint && el("small", {}, option.hint)),
      chosen && el("span", { class: "tick", "aria-hidden": "true" }, "✓"),
    );
  }

  pick(option) {
    if (this.several) {
      const held = this.chosen.includes(option.value);
      if (!held && this.chosen.length >= this.plan.most) return;
      this.chosen = held ? this.chosen.filter((value) => value !== option.value) : [...this.chosen, option.value];
      this.draw();
      return;
    }
    const again = this.plan.least === 0 && this.chosen.includes(option.value) && !this.plan.onChoose;
    this.chosen = again ? [] : [option.value];
    this.close();
    this.choose();
  }

  faceKey(event) {
    if (event.key !== "ArrowDown" || this.isOpen) return;
    event.preventDefault();
    this.open();
  }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const chooses = event.key === "Enter" || (event.key === " " && event.currentTarget === this.list);
    if (event.key in steps) this.active = (this.active + steps[event.key] + this.shown.length) % Math.max(1, this.shown.length);
    else if (chooses && this.shown[this.active]) this.pick(this.shown[this.active]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (this.isOpen) this.draw();
  }

  leave(event) {
    if (this.isOpen && !this.node.contains(event.relatedTarget)) this.close({ refocus: false });
  }
}
