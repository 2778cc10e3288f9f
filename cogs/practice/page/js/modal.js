/** The form that the bot opened: a dialog with Discord's fields. It stays open, with a sentence, when sending fails. */

import { el, freshId, put } from "./dom.js";
import { field } from "./fields.js";
import { rich } from "./markdown.js";

const LABEL = 18;
const ROW = 1;
const TEXT = 10;

/** Open and close the dialog as the state says. */
export function mountModal(room) {
  let shown = null;
  const draw = () => {
    const { modal } = room.state;
    const key = modal && `${room.me.id}${JSON.stringify(modal)}`;
    if ((shown && shown.key) === key) return;
    close(shown);
    shown = modal ? { key, dialog: open(modal, room) } : null;
  };
  room.on("state", draw);
}

function close(shown) {
  shown?.dialog.close();
  shown?.dialog.remove();
}

function open(modal, room) {
  const titleId = freshId("title");
  const fields = [];
  const fault = el("p", { class: "fault", role: "alert" });
  const send = el("button", { type: "submit", class: "button primary" }, room.t("form.send"));
  const dismiss = () => room.act({ act: "close_form" });
  const form = el("form", { novalidate: true, on: { submit: (event) => submit(event, { fields, fault, send, room }) } });
  const dialog = el(
    "dialog",
    { class: "modal", "aria-labelledby": titleId, on: { cancel: (event) => (event.preventDefault(), dismiss()) } },
    el("header", {},
      el("img", { class: "avatar small", src: "icon.svg", alt: "" }),
      el("h2", { id: titleId }, modal.title),
      el("button", { type: "button", class: "ghost", "aria-label": room.t("form.close"), on: { click: dismiss } }, "×")),
    form,
    el("div", { class: "toasts", role: "status" }),
  );
  put(form, modal.components.map((item) => part(item, fields, room)), fault);
  put(form, el("footer", {}, el("button", { type: "button", class: "button bare", on: { click: dismiss } }, room.t("form.cancel")), send));
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("input, textarea, .picker-face")?.focus();
  return dialog;
}

function part(item, fields, room) {
  if (item.type === TEXT) return el("div", { class: "text form-text" }, rich(item.content, room));
  if (item.type === ROW) return item.components.map((child) => labelled(child.label, "", child, fields, room));
  if (item.type === LABEL) return labelled(item.label, item.description, item.component, fields, room);
  return null;
}

function labelled(label, description, component, fields, room) {
  const made = field(component, label, room);
  fields.push({ ...made, component, label });
  const must = component.required ?? component.type !== 23;
  const title = [label, must && el("span", { class: "must", title: room.t("form.required") }, " *")];
  const head = made.grouped
    ? el("p", { class: "form-label", id: made.labelId }, title)
    : el("label", { class: "form-label", for: made.id }, title);
  return el("div", { class: "form-part", data: { field: component.custom_id } }, head, description && el("p", { class: "form-hint" }, description), made.node, made.count);
}

async function submit(event, { fields, fault, send, room }) {
  event.preventDefault();
  fault.replaceChildren();
  send.disabled = true;
  send.setAttribute("aria-busy", "true");
  try {
    const values = {};
    for (const item of fields) values[item.component.custom_id] = await item.read();
    await room.link.ask({ act: { as: room.me.id, act: "submit", fields: values } });
  } catch (error) {
    fault.textContent = error.message || room.t("link.lost");
  }
  send.disabled = false;
  send.removeAttribute("aria-busy");
}
