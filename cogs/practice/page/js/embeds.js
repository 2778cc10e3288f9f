/** Cards (embeds): a bar in the card's colour, title, text, fields in columns, picture and foot, as Discord lays them out. */

import { el } from "./dom.js";
import { address } from "./files.js";
import { inline, link, rich } from "./markdown.js";
import { spoken } from "./times.js";

const COLUMNS = 3;

/** Return a card's element. */
export function embed(card, message, room) {
  const box = el("div", { class: "card embed", role: "group", "aria-label": card.title || room.t("message.card") });
  if (card.color) box.style.setProperty("--bar", `#${card.color.toString(16).padStart(6, "0")}`);
  const main = el(
    "div",
    { class: "embed-main" },
    card.author && el("p", { class: "embed-author" }, card.author.name),
    card.title && title(card, room),
    card.description && el("div", { class: "embed-text" }, rich(card.description, room)),
    card.fields?.length > 0 && el("div", { class: "embed-fields" }, fields(card.fields, room)),
  );
  box.append(main);
  const side = picture(card.thumbnail, message, "embed-thumb", room);
  if (side) box.append(side);
  const below = picture(card.image, message, "embed-image", room);
  if (below) box.append(below);
  const foot = footer(card, room);
  if (foot) box.append(foot);
  return box;
}

function title(card, room) {
  const inside = inline(card.title, room);
  return el("p", { class: "embed-title" }, /^https?:\/\//.test(card.url || "") ? link(card.url, inside, room) : inside);
}

/** Return the fields; up to three inline ones share a line. */
function fields(all, room) {
  const rows = [];
  for (const field of all) {
    const last = rows.at(-1);
    if (field.inline && last?.inline && last.fields.length < COLUMNS) last.fields.push(field);
    else rows.push({ inline: field.inline, fields: [field] });
  }
  return rows.map((row) => el("div", { class: `embed-row columns-${row.fields.length}` }, row.fields.map((field) => one(field, room))));
}

function one(field, room) {
  return el(
    "div",
    { class: "embed-field" },
    el("p", { class: "embed-name" }, inline(field.name, room)),
    el("div", { class: "embed-value" }, rich(field.value, room)),
  );
}

function picture(image, message, style, room) {
  if (!image?.url) return null;
  const name = image.url.startsWith("attachment://") ? image.url.slice("attachment://".length) : null;
  const file = name && message.attachments.find((item) => item.filename === name);
  const source = address(file ? file.url : image.proxy_url || image.url);
  return source ? el("img", { class: style, src: source, alt: room.t("file.picture", { name: name || "" }) }) : null;
}

function footer(card, room) {
  const when = card.timestamp && spoken(new Date(card.timestamp), room);
  const parts = [card.footer?.text, when].filter(Boolean);
  return parts.length ? el("p", { class: "embed-foot" }, parts.join(" · ")) : null;
}
