/** One message: who, when, what it answers, text, cards, files, buttons, reactions, and what one may do with it. */

import { avatar, badge } from "./avatar.js";
import { componentRows } from "./components.js";
import { el } from "./dom.js";
import { embed } from "./embeds.js";
import { attachment } from "./files.js";
import { inline, rich } from "./markdown.js";
import { messageTools } from "./menu.js";
import { poll, snapshot, systemLine } from "./extras.js";
import { spoken, styled } from "./times.js";
import { jumpTo } from "./chat.js";

const PLAIN = new Set([0, 19, 20, 23]);
const COMMAND = 2; // the kind of interaction: a command or a menu, not a button or a form
const V2 = 1 << 15;

/** Return what a message shows, as text to compare: signed links change all the time and are left out. */
export function messageKey(message, follows, room) {
  const names = [message.author_name, message.shown_content, room.words.language, room.me.id];
  const shown = { ...message, referenced_message: message.referenced_message && message.referenced_message.id };
  const text = JSON.stringify([shown, names, message.referenced_message?.content, follows]);
  return text.replace(/\?ex=[^"]*/g, "");
}

/** Return a message's element. */
export function messageElement(message, follows, room) {
  if (!PLAIN.has(message.type)) return systemLine(message, room);
  const classes = ["message", follows && "follows", message.ephemeral && "ephemeral", mentionsMe(message, room) && "for-me"];
  return el(
    "article",
    { class: classes.filter(Boolean).join(" "), data: { message: message.id }, tabindex: "-1", "aria-label": label(message, room) },
    above(message, room),
    el("div", { class: "side" }, follows ? shortTime(message, room) : avatar(message.author_name, { bot: message.author.bot })),
    el("div", { class: "body" }, !follows && heading(message, room), content(message, room), below(message, room)),
    messageTools(message, room),
  );
}

function label(message, room) {
  return room.t("message.label", { name: message.author_name, when: spoken(new Date(message.timestamp), room) });
}

function mentionsMe(message, room) {
  return !message.mine && (message.mention_everyone || message.mentions.some((user) => user.id === room.me.id));
}

function shortTime(message, room) {
  return el("time", { class: "short-time" }, styled(new Date(message.timestamp), "t", room));
}

function heading(message, room) {
  const date = new Date(message.timestamp);
  const person = room.person(message.author.id);
  return el(
    "header",
    { class: "message-head" },
    el("span", { class: "author" }, message.author_name),
    message.author.bot && el("span", { class: "badge badge-app" }, "✓ APP"),
    person && !message.author.bot && badge(person, room),
    el("time", { datetime: message.timestamp, title: styled(date, "F", room) }, spoken(date, room)),
  );
}

/** The line above: what a message answers, or who used which command. */
function above(message, room) {
  if (message.type === 19) return replyLine(message.referenced_message, room);
  const origin = message.interaction_metadata;
  if (origin?.type !== COMMAND || !origin.name) return null;
  const user = room.person(origin.user.id)?.shown_name || origin.user.username;
  return el("p", { class: "above" }, el("strong", {}, user), ` ${room.t("message.used")} `, el("span", { class: "mention" }, commandName(origin, room)));
}

function commandName(origin, room) {
  const { commands, message_menus: menus } = room.channel;
  const first = origin.name.split(" ")[0];
  const found = commands.find((command) => command.name === first);
  if (found) return `/${[found.shown_name, ...origin.name.split(" ").slice(1)].join(" ")}`;
  return menus.find((item) => item.name === origin.name)?.shown_name || `/${origin.name}`;
}

function replyLine(original, room) {
  if (!original) return el("p", { class: "above" }, el("em", {}, room.t("message.original_gone")));
  const name = room.person(original.author.id)?.shown_name || original.author.global_name || original.author.username;
  const jump = () => jumpTo(original.id);
  return el(
    "p",
    { class: "above" },
    avatar(name, { bot: original.author.bot, small: true }),
    el("strong", {}, name),
    " ",
    el("button", { type: "button", class: "quoted", on: { click: jump } }, inline(original.content.slice(0, 140) || room.t("message.card"), room)),
  );
}

function content(message, room) {
  if (message.loading) return el("p", { class: "thinking" }, room.t("message.thinking"));
  const big = /^(?:\p{Extended_Pictographic}\uFE0F?\s*){1,6}$/u.test(message.content) ? " big" : "";
  const rewritten = message.edited_timestamp && !message.author.bot;
  return [
    message.content && el("div", { class: `text${big}` }, rich(message.content, room), rewritten && edited(message, room)),
    (message.message_snapshots || []).map((item) => snapshot(item.message, message, room)),
    message.poll && poll(message.poll, room),
    stickers(message),
    message.attachments.map((file) => attachment(file, room)),
    message.embeds.map((card) => embed(card, message, room)),
    message.components.length > 0 && componentRows(message, room, Boolean(message.flags & V2)),
  ];
}

function edited(message, room) {
  const when = styled(new Date(message.edited_timestamp), "F", room);
  return el("span", { class: "edited", title: when }, ` (${room.t("message.edited")})`);
}

function stickers(message) {
  return (message.sticker_items || []).map((sticker) => el("p", { class: "sticker" }, `🖼️ ${sticker.name}`));
}

function below(message, room) {
  return [
    message.reactions?.length > 0 && el("div", { class: "reactions" }, message.reactions.map((item) => reaction(item, message, room))),
    message.thread && threadLine(message.thread, room),
    message.ephemeral && onlyYou(message, room),
  ];
}

function reaction(item, message, room) {
  const add = () => room.act({ act: "react", message: message.id, emoji: item.emoji.name });
  return el("button", { type: "button", class: "reaction", on: { click: add } }, item.emoji.name, ` ${item.count}`);
}

function threadLine(thread, room) {
  return el("button", { type: "button", class: "thread-line", on: { click: () => room.open(thread.id) } }, `🧵 ${thread.name} ›`);
}

function onlyYou(message, room) {
  const hide = () => room.act({ act: "hide", message: message.id });
  return el(
    "p",
    { class: "only-you" },
    el("span", { "aria-hidden": "true" }, "👁 "),
    `${room.t("message.only_you")} · `,
    el("button", { type: "button", class: "linklike", on: { click: hide }, data: { focus: "hide" } }, room.t("message.hide")),
  );
}

