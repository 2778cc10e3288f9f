/** The second column: the channels that this person sees, and the direct conversation with the bot. */

import { avatar } from "./avatar.js";
import { el, refill } from "./dom.js";
import { showPanel } from "./panels.js";

const KINDS = ["class", "staff", "other"];

/** Keep the column in line with the room. */
export function mountChannels(node, room) {
  const draw = () => {
    if (!room.state) return;
    const { channels, dm, guild, bot } = room.state;
    const shown = [...channels, dm].map((channel) => [channel.id, channel.name, channel.kind, room.unread(channel)]);
    node.setAttribute("aria-label", room.t("channels.label"));
    const key = [room.me.id, room.channel.id, shown, guild.name, bot.running, bot.ready, room.words.language];
    refill(node, key, () => content(room));
  };
  for (const event of ["state", "language"]) room.on(event, draw);
}

function content(room) {
  const { channels, dm, guild, bot } = room.state;
  const threads = channels.filter((channel) => channel.kind === "thread");
  const groups = KINDS.map((kind) => [kind, channels.filter((channel) => channel.kind === kind)]);
  return [
    el("h2", { class: "column-title" }, guild.name),
    el("h3", {}, room.t("channels.dm")),
    entry(dm, room, [avatar(bot.username, { bot: true, small: true }), el("span", { class: "place-name" }, bot.username)]),
    groups.filter(([, found]) => found.length).map(([kind, found]) => [
      el("h3", {}, room.t(`channels.${kind}`)),
      el("ul", { class: "plain" }, found.map((channel) => item(channel, threads, room))),
    ]),
    el("p", { class: `bot-state${bot.ready ? "" : " off"}` }, room.t(botState(bot))),
  ];
}

function botState(bot) {
  if (!bot.running) return "bot.off";
  return bot.ready ? "bot.on" : "bot.starting";
}

function item(channel, threads, room) {
  const under = threads.filter((thread) => thread.parent_id === channel.id);
  return el(
    "li",
    {},
    entry(channel, room, [el("span", { class: "hash", "aria-hidden": "true" }, "#"), el("span", { class: "place-name" }, channel.name)]),
    under.length > 0 && el("ul", { class: "plain threads" }, under.map((thread) => el("li", {}, entry(thread, room, [thread.name])))),
  );
}

function entry(channel, room, inside) {
  const unread = room.unread(channel);
  const open = channel.id === room.channel.id;
  const choose = () => {
    room.open(channel.id);
    showPanel("chat");
  };
  return el(
    "button",
    {
      type: "button", class: `place${open ? " chosen" : ""}${unread ? " unread" : ""}`, on: { click: choose },
      "aria-current": open ? "page" : null, data: { channel: channel.id, focus: channel.id },
    },
    inside,
    unread > 0 && el("span", { class: "count", "aria-label": room.t("channels.unread", { count: unread }) }, String(unread)),
  );
}
