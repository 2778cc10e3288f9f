/** Files that wait in the composer: shown as chips with a small picture, to be covered (spoiler) or taken away. */

import { el } from "./dom.js";
import { size } from "./files.js";
import { toast } from "./toasts.js";

const MOST = 10;

export class Attachments {
  constructor(room, changed) {
    this.room = room;
    this.changed = changed;
    this.list = [];
    this.input = el("input", { type: "file", multiple: true, class: "hidden", id: "file-input", tabindex: "-1", "aria-hidden": "true" });
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
    this.chips = el("ul", { class: "plain chips" });
    this.node = el("div", { class: "attachments" }, this.input, this.chips);
  }

  /** Open the browser's own file dialog. */
  ask() {
    this.input.click();
  }

  add(files) {
    const room = MOST - this.list.length;
    if (files.length > room) toast(this.room.t("file.too_many", { most: MOST }), "refused");
    this.list.push(...files.slice(0, room).map((file) => ({ file, spoiler: false })));
    this.draw();
    if (files.length) this.changed();
  }

  clear() {
    this.list = [];
    this.draw();
  }

  draw() {
    for (const image of this.chips.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.chips.replaceChildren(...this.list.map((item) => this.chip(item)));
  }

  chip(item) {
    const { file } = item;
    const cover = el("button", {
      type: "button", class: "ghost", "aria-pressed": String(item.spoiler), title: this.room.t("file.spoiler"),
      "aria-label": `${this.room.t("file.spoiler")}: ${file.name}`, on: { click: () => this.toggle(item) },
    }, item.spoiler ? "🙈" : "👁");
    const away = el("button", {
      type: "button", class: "ghost", "aria-label": this.room.t("file.remove", { name: file.name }), on: { click: () => this.remove(item) },
    }, "×");
    const preview = file.type.startsWith("image/") && el("img", { src: URL.createObjectURL(file), alt: "", class: item.spoiler ? "covered" : "" });
    return el("li", { class: "chip" }, preview, el("span", {}, file.name), el("small", {}, size(file.size)), cover, away);
  }

  toggle(item) {
    item.spoiler = !item.spoiler;
    this.draw();
  }

  remove(item) {
    this.list = this.list.filter((other) => other !== item);
    this.draw();
    this.changed();
  }

  /** Upload everything; returns the paths, or null (and says so) when that failed. */
  async upload() {
    const named = this.list.map(({ file, spoiler }) => (spoiler ? new File([file], `SPOILER_${file.name}`, { type: file.type }) : file));
    try {
      return await this.room.link.upload(named);
    } catch (error) {
      toast(this.room.t("file.failed", { why: error.message }), "refused");
      return null;
    }
  }
}
