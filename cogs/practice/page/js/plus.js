/** Further things behind "+": a poll, a thread, another nickname, leaving and coming back. Small questions ask for words. */

import { el, freshId } from "./dom.js";

/** Return the entries of the menu behind "+" for this place. */
export function extraActs(room) {
  const { channel } = room;
  const inChannel = [
    { label: room.t("plus.poll"), press: () => ask(room, "plus.poll", ["plus.question", "plus.answers"], (question, answers) => poll(room, question, answers)) },
    { label: room.t("plus.thread"), press: () => ask(room, "plus.thread", ["plus.thread_name", "plus.first"], (name, text) => thread(room, name, text)) },
  ];
  const me = [{ label: room.t("plus.rename"), press: () => ask(room, "plus.rename", ["plus.nickname"], (name) => room.act({ act: "rename", name })) }];
  return [...(room.inDm || channel.kind === "thread" ? [] : inChannel), ...me];
}

function poll(room, question, answers) {
  const listed = answers.split(",").map((answer) => answer.trim()).filter(Boolean);
  return room.act({ act: "poll", channel: room.channel.id, question, answers: listed });
}

function thread(room, name, text) {
  return room.act({ act: "thread", channel: room.channel.id, name, text });
}

/** Ask for a few words in a small dialog; `done` gets them in order. */
function ask(room, title, labels, done) {
  const titleId = freshId("title");
  const inputs = labels.map(() => el("input", { class: "input", type: "text", autocomplete: "off", id: freshId("ask"), required: true, maxlength: 300 }));
  const dialog = el("dialog", { class: "modal", "aria-labelledby": titleId });
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const send = async (event) => {
    event.preventDefault();
    close();
    await done(...inputs.map((input) => input.value.trim()));
  };
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(
    el("header", {}, el("h2", { id: titleId }, room.t(title))),
    el("form", { on: { submit: send } },
      labels.map((label, at) => el("div", { class: "form-part" }, el("label", { class: "form-label", for: inputs[at].id }, room.t(label)), inputs[at])),
      el("footer", {},
        el("button", { type: "button", class: "button bare", on: { click: close } }, room.t("form.cancel")),
        el("button", { type: "submit", class: "button primary" }, room.t("form.send")))),
  );
  document.body.append(dialog);
  dialog.showModal();
  inputs[0].focus();
}
