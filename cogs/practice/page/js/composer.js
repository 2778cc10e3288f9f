/** Where one writes: text with mentions, files, answers, edits; a slash at the start opens the commands. */

import { el, refill } from "./dom.js";
import { inline } from "./markdown.js";
import { withIds, withNames } from "./mentions.js";
import { Attachments } from "./attachments.js";
import { Completion } from "./completion.js";
import { CommandBar } from "./commandbar.js";
import { styled } from "./times.js";
import { openMenu } from "./menu.js";
import { extraActs } from "./plus.js";

const LONGEST = 2000;

/** Build the composer in `node`; it keeps what is being typed, whatever the bot does meanwhile. */
export function mountComposer(node, room) {
  new Composer(node, room);
}

class Composer {
  constructor(node, room) {
    this.room = room;
    this.reply = null;
    this.editing = null;
    this.drafts = new Map();
    this.notice = el("div", { class: "write-note" });
    this.input = el("textarea", {
      id: "composer", rows: 1, maxlength: LONGEST, autocomplete: "off", role: "combobox", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": "completion",
      on: { input: () => this.typed(), keydown: (event) => this.key(event), paste: (event) => this.paste(event) },
    });
    this.files = new Attachments(room, () => this.input.focus());
    this.completion = new Completion(this.input, room, (command) => this.bar.start(command));
    this.bar = new CommandBar(room, this.input);
    this.plus = el("button", { type: "button", class: "plus", "aria-haspopup": "menu", on: { click: () => this.more() } }, "+");
    this.go = el("button", { type: "button", class: "button primary send", on: { click: () => this.send() } }, "➤");
    this.line = el("div", { class: "write-line" }, this.plus, this.input, this.go);
    node.append(this.completion.node, this.bar.node, this.notice, this.files.node, this.line);
    this.listen(node);
  }

  listen(node) {
    const { room } = this;
    room.on("state", () => this.draw());
    room.on("language", () => this.draw());
    room.on("reply", (message) => this.answer(message));
    room.on("edit", (message) => this.edit(message));
    room.on("write", ({ text, files }) => this.prepare(text, files));
    node.addEventListener("dragover", (event) => event.preventDefault());
    node.addEventListener("drop", (event) => {
      event.preventDefault();
      this.files.add([...event.dataTransfer.files]);
    });
  }

  draw() {
    const { room } = this;
    const place = `${room.me.id}/${room.channel.id}`;
    if (this.place !== place) this.move(place);
    const locked = this.locked();
    this.input.disabled = Boolean(locked);
    this.plus.disabled = Boolean(locked);
    this.go.disabled = Boolean(locked);
    this.input.placeholder = locked || room.t(room.inDm ? "write.dm" : "write.hint", { name: room.channel.name });
    this.input.setAttribute("aria-label", this.input.placeholder);
    this.plus.setAttribute("aria-label", room.t("write.plus"));
    this.go.setAttribute("aria-label", room.t("write.send"));
    const messages = [this.reply?.id, this.editing?.id];
    refill(this.notice, [messages, room.words.language], () => this.note());
  }

  /** Return the sentence that says why nothing can be written here; empty when it can. */
  locked() {
    const { room } = this;
    const until = room.me.timed_out_until && new Date(room.me.timed_out_until);
    if (!room.me.present) return room.t("write.left");
    if (until && until > room.now() && !room.inDm) return room.t("write.timed_out", { until: styled(until, "f", room) });
    return room.channel.can_write ? "" : room.t("write.closed");
  }

  /** Keep the draft of the place that is left, and bring back that of the place that is opened. */
  move(place) {
    if (this.place) this.drafts.set(this.place, this.input.value);
    this.place = place;
    this.reply = null;
    this.editing = null;
    this.bar.stop();
    this.files.clear();
    this.setText(this.drafts.get(place) || "");
  }

  note() {
    const drop = () => {
      if (this.editing) this.setText("");
      this.reply = null;
      this.editing = null;
      this.draw();
      this.input.focus();
    };
    const about = this.reply || this.editing;
    if (!about) return [];
    const text = this.reply ? this.room.t("write.replying", { name: about.author_name }) : this.room.t("write.editing");
    return [
      el("span", {}, text, " ", el("em", {}, inline(about.content.slice(0, 80), this.room))),
      el("button", { type: "button", class: "ghost", "aria-label": this.room.t("write.drop"), on: { click: drop } }, "×"),
    ];
  }

  answer(message) {
    this.reply = message;
    this.editing = null;
    this.draw();
    this.input.focus();
  }

  edit(message) {
    this.editing = message;
    this.reply = null;
    this.setText(withNames(message.content, this.room));
    this.draw();
    this.input.focus();
  }

  /** Put a text (and files) ready, from an exercise. */
  prepare(text, files = []) {
    this.bar.stop();
    if (text !== undefined) this.setText(text);
    this.files.add(files);
    this.input.focus();
    this.typed();
  }

  setText(text) {
    this.input.value = text;
    this.grow();
    this.completion.close();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 180)}px`;
  }

  typed() {
    this.grow();
    this.completion.look();
  }

  key(event) {
    if (this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && (this.reply || this.editing)) {
      this.notice.querySelector("button").click();
    } else if (event.key === "ArrowUp" && !this.input.value) {
      const own = this.room.channel.messages.filter((message) => message.mine && !message.ephemeral).at(-1);
      if (own) this.edit(own);
    }
  }

  paste(event) {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    this.files.add(files);
  }

  more() {
    openMenu(this.plus, [{ label: this.room.t("plus.file"), press: () => this.files.ask() }, ...extraActs(this.room)], this.room);
  }

  async send() {
    const text = withIds(this.input.value, this.room);
    if (this.editing) {
      if (text.trim()) await this.finish({ act: "edit", message: this.editing.id, text });
      return;
    }
    if (!text.trim() && !this.files.list.length) return;
    const paths = await this.files.upload();
    if (!paths) return;
    const place = this.room.inDm ? { act: "dm" } : { act: "post", channel: this.room.channel.id };
    await this.finish({ ...place, text, files: paths, ...(this.reply ? { reply_to: this.reply.id } : {}) });
  }

  async finish(act) {
    const kept = this.input.value;
    this.setText("");
    if (!(await this.room.act(act))) {
      this.setText(kept);
      return;
    }
    this.reply = null;
    this.editing = null;
    this.files.clear();
    this.draw();
    this.input.focus();
  }
}
