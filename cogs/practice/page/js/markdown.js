/** Discord's markdown as elements: every piece of text becomes a text node, only known marks become elements. */

import { el } from "./dom.js";
import { chip, timestamp } from "./mentions.js";

const FENCE = /```(?:[\w+-]*\n)?([\s\S]*?)```/;
const HERE = /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/channels\/(?<guild>\d+)\/(?<channel>\d+)(?:\/(?<message>\d+))?/;
const INLINE = new RegExp([
  String.raw`\\(?<escaped>[\\*_~|\x60<>#\[\]()@-])`,
  String.raw`(?<ticks>\x60+)(?<code>[\s\S]+?)\k<ticks>`,
  String.raw`\|\|(?<spoiler>[\s\S]+?)\|\|`,
  String.raw`\*\*(?<bold>[\s\S]+?)\*\*(?!\*)`,
  String.raw`__(?<under>[\s\S]+?)__(?!_)`,
  String.raw`~~(?<strike>[\s\S]+?)~~`,
  String.raw`\*(?<star>[^\s*](?:[\s\S]*?[^\s*])?)\*(?!\*)`,
  String.raw`(?<![\w])_(?<dash>[^\s_](?:[\s\S]*?[^\s_])?)_(?![\w])`,
  String.raw`\[(?<label>[^\]\n]+)\]\(<?(?<target>https?:\/\/[^\s)>]+)>?(?:\s+"[^"\n]*")?\)`,
  String.raw`<@!?(?<user>\d+)>`,
  String.raw`<@&(?<role>\d+)>`,
  String.raw`<#(?<place>\d+)>`,
  String.raw`<t:(?<moment>-?\d{1,13})(?::(?<style>[tTdDfFR]))?>`,
  String.raw`<\/(?<command>[^:>\n]+):\d+>`,
  String.raw`<a?:(?<emoji>\w+):\d+>`,
  String.raw`<(?<bare>https?:\/\/[^\s>]+)>`,
  String.raw`(?<url>https?:\/\/[^\s<>]+[^\s<>.,:;!?"'\])}])`,
  String.raw`(?<all>@everyone|@here)\b`,
].join("|"), "u");

/** Return the nodes of a whole text: code blocks, headings, quotes, lists and lines. */
export function rich(text, room) {
  const nodes = [];
  let rest = String(text ?? "");
  for (let found = FENCE.exec(rest); found; found = FENCE.exec(rest)) {
    nodes.push(...blocks(rest.slice(0, found.index), room));
    nodes.push(el("pre", { class: "code-block" }, el("code", {}, found[1])));
    rest = rest.slice(found.index + found[0].length).replace(/^\n/, "");
  }
  nodes.push(...blocks(rest, room));
  return nodes;
}

/** Return the nodes of a text in one line, without headings, quotes and lists. */
export function inline(text, room) {
  const nodes = [];
  let rest = String(text ?? "");
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index) nodes.push(rest.slice(0, found.index));
    nodes.push(piece(found.groups, room));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) nodes.push(rest);
  return nodes;
}

function piece(part, room) {
  if (part.escaped) return part.escaped;
  if (part.code) return el("code", {}, part.code);
  if (part.spoiler) return spoiler(inline(part.spoiler, room), room);
  if (part.bold) return el("strong", {}, inline(part.bold, room));
  if (part.under) return el("u", {}, inline(part.under, room));
  if (part.strike) return el("s", {}, inline(part.strike, room));
  if (part.star || part.dash) return el("em", {}, inline(part.star || part.dash, room));
  if (part.label) return link(part.target, inline(part.label, room), room);
  if (part.url || part.bare) return link(part.url || part.bare, [part.url || part.bare], room);
  if (part.moment) return timestamp(Number(part.moment), part.style || "f", room);
  if (part.command) return el("span", { class: "mention" }, `/${part.command}`);
  if (part.emoji) return `:${part.emoji}:`;
  return chip(part, room);
}

/** Return a link. It opens in another tab and tells that page nothing about this one; a message of this school is here. */
export function link(target, content, room) {
  const here = HERE.exec(target);
  if (here && room && here.groups.guild === room.state.guild.id) return jump(here.groups, content, room);
  return el("a", { href: target, target: "_blank", rel: "noopener noreferrer nofollow" }, content);
}

function jump({ channel, message }, content, room) {
  const go = () => room.go(channel, message);
  return el("button", { type: "button", class: "linklike", on: { click: go } }, content);
}

/** Return a cover that one click (or Enter) takes away. */
export function spoiler(content, room, tag = "span") {
  const inside = el(tag, { class: "spoiler-inside", "aria-hidden": "true" }, content);
  const cover = el(tag, { class: "spoiler", role: "button", tabindex: "0", "aria-label": room.t("message.spoiler") }, inside);
  const open = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    cover.classList.add("open");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
    inside.removeAttribute("aria-hidden");
    for (const kind of ["click", "keydown"]) cover.removeEventListener(kind, open);
  };
  cover.addEventListener("click", open);
  cover.addEventListener("keydown", open);
  return cover;
}

function blocks(text, room) {
  const nodes = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; ) {
    const [count, node] = block(lines, at, room);
    nodes.push(node);
    at += count;
    if (at < lines.length && typeof node !== "object") nodes.push("\n");
    else if (at < lines.length && node.tagName === "SPAN") nodes.push("\n");
  }
  return nodes;
}

/** Return how many lines the block at `at` takes, and its node. */
function block(lines, at, room) {
  const line = lines[at];
  const heading = /^(#{1,3}) +(.+)$/.exec(line);
  if (heading) return [1, el("strong", { class: `heading-${heading[1].length}` }, inline(heading[2], room))];
  const small = /^-# +(.+)$/.exec(line);
  if (small) return [1, el("small", { class: "subtext" }, inline(small[1], room))];
  if (line.startsWith(">>> ")) {
    const all = [line.slice(4), ...lines.slice(at + 1)];
    return [lines.length - at, el("blockquote", {}, blocks(all.join("\n"), room))];
  }
  const quoted = run(lines, at, /^> ?(.*)$/);
  if (line.startsWith(">") && quoted.length) return [quoted.length, el("blockquote", {}, blocks(quoted.join("\n"), room))];
  const listed = run(lines, at, /^ {0,4}[-*] +(.*)$/);
  if (listed.length) return [listed.length, el("ul", {}, listed.map((item) => el("li", {}, inline(item, room))))];
  const counted = run(lines, at, /^ {0,4}\d+\. +(.*)$/);
  if (counted.length) {
    const start = Number(/\d+/.exec(line)[0]);
    return [counted.length, el("ol", { start }, counted.map((item) => el("li", {}, inline(item, room))))];
  }
  return [1, el("span", {}, inline(line, room))];
}

function run(lines, at, pattern) {
  const found = [];
  for (let next = at; next < lines.length; next += 1) {
    const fits = pattern.exec(lines[next]);
    if (!fits) break;
    found.push(fits[1]);
  }
  return found;
}
