/** Rarer things in a log: notes of Discord itself, forwarded messages, polls. */

import { el } from "./dom.js";
import { attachment } from "./files.js";
import { rich } from "./markdown.js";
import { spoken } from "./times.js";

const NOTES = { 6: "note.pinned", 7: "note.joined", 18: "note.thread", 21: "note.thread" };

/** Return a note of Discord itself, such as "somebody pinned a message". */
export function systemLine(message, room) {
  const text = room.t(NOTES[message.type] || "note.other", { name: message.author_name, thread: message.content });
  const when = spoken(new Date(message.timestamp), room);
  return el("p", { class: "note", data: { message: message.id } }, text, el("time", {}, ` ${when}`));
}

/** Return a forwarded message. */
export function snapshot(inner, message, room) {
  const files = inner.attachments || [];
  return el(
    "div",
    { class: "forwarded" },
    el("p", { class: "above" }, `↪ ${room.t("message.forwarded")}`),
    inner.content && el("div", { class: "text" }, rich(inner.content, room)),
    files.map((file) => attachment(file, room)),
  );
}

/** Return a poll; nobody votes here. */
export function poll(asked, room) {
  return el(
    "div",
    { class: "card poll" },
    el("strong", {}, asked.question.text),
    el("ul", {}, asked.answers.map((answer) => el("li", {}, answer.poll_media.text))),
    el("small", {}, room.t("message.poll")),
  );
}
