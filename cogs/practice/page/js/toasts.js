/** Short sentences in a corner: what was refused, and what Discord's client itself would say. */

import { el } from "./dom.js";

const SECONDS = 9;

/** Show a sentence for a while; a click takes it away. */
export function toast(text, kind = "plain") {
  if (!text) return;
  const node = el("div", { class: `toast ${kind}` }, el("span", {}, text));
  const close = el("button", { type: "button", "aria-label": "×", on: { click: () => node.remove() } }, "×");
  node.append(close);
  const holder = document.querySelector("dialog[open] .toasts") || document.getElementById("toasts");
  holder.append(node);
  setTimeout(() => node.remove(), SECONDS * 1000);
}

/** Show refusals, and each new notice of the client once for each person. */
export function mountToasts(room) {
  const told = new Map();
  room.on("refused", (sentence) => toast(sentence, "refused"));
  room.on("state", () => {
    const known = told.get(room.me.id) ?? 0;
    for (const notice of room.state.notices.slice(known)) toast(notice, "refused");
    told.set(room.me.id, room.state.notices.length);
  });
}
