/** Files under a message: pictures in the log (behind a cover when they are spoilers), other files as a card to save. */

import { el } from "./dom.js";
import { spoiler } from "./markdown.js";

const UNITS = ["B", "kB", "MB"];
const PICTURE = /^image\/(png|jpe?g|gif|webp|avif)/;

/** Return the address of a file at this server; the page asks nothing of any other. */
export function address(url) {
  const parsed = new URL(url, location.href);
  return parsed.pathname.startsWith("/cdn/") ? parsed.pathname + parsed.search : "";
}

/** Return a file's element. */
export function attachment(file, room) {
  const source = address(file.url);
  const kind = file.content_type || "";
  if (PICTURE.test(kind)) return picture(file, source, room);
  if (kind.startsWith("audio/")) return el("audio", { class: "sound", controls: true, src: source, "aria-label": file.filename });
  if (kind.startsWith("video/")) return el("video", { class: "film", controls: true, src: source, "aria-label": file.filename });
  return card(file, source, room);
}

function picture(file, source, room) {
  const img = el("img", {
    class: "picture", src: source, alt: file.description || room.t("file.picture", { name: file.filename }),
    width: file.width, height: file.height, title: file.filename,
  });
  if (file.filename.startsWith("SPOILER_")) return spoiler([img], room, "div");
  return el("a", { class: "picture-link", href: source, target: "_blank", rel: "noopener noreferrer" }, img);
}

function card(file, source, room) {
  return el(
    "div",
    { class: "file", data: { file: file.filename } },
    el("span", { class: "file-sign", "aria-hidden": "true" }, sign(file.filename)),
    el("span", { class: "file-text" },
      el("a", { href: source, download: file.filename }, file.title || file.filename),
      el("small", {}, size(file.size))),
    el("a", { class: "ghost", href: source, download: file.filename, "aria-label": room.t("file.save", { name: file.filename }) }, "⤓"),
  );
}

function sign(name) {
  const ending = name.split(".").at(-1).toLowerCase();
  return { pdf: "📕", docx: "📘", odt: "📘", zip: "🗜️", txt: "📄" }[ending] || "📄";
}

/** Return a size in words. */
export function size(bytes) {
  const step = bytes < 1000 ? 0 : bytes < 1000000 ? 1 : 2;
  const value = bytes / 1000 ** step;
  return `${value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${UNITS[step]}`;
}
