/** The middle: the channel's name, and its messages as a log that follows the newest. */

import { el, reconcile, refill } from "./dom.js";
import { messageElement, messageKey } from "./messages.js";
import { showPanel } from "./panels.js";
import { dayOf, styled } from "./times.js";

const NEAR_END = 80;

/** Keep the head and the log in line with the room. */
export function mountChat(head, log, room) {
  const follow = { at: null, stick: true };
  log.addEventListener("scroll", () => {
    follow.stick = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
  });
  const draw = () => {
    if (!room.state) return;
    drawHead(head, room);
    drawLog(log, room, follow);
  };
  for (const event of ["state", "language"]) room.on(event, draw);
  room.on("jump", jumpTo);
  new ResizeObserver(() => follow.stick && toEnd(log)).observe(log);
  log.addEventListener("load", () => follow.stick && toEnd(log), true);
}

function drawHead(head, room) {
  const { channel, me } = room;
  const pins = channel.messages.filter((message) => message.pinned);
  const key = [channel.id, channel.name, channel.topic, me.id, me.shown_name, pins.map((pin) => pin.id), room.words.language];
  refill(head, key, () => [
    el("button", { class: "back", type: "button", "aria-label": room.t("tabs.channels"), on: { click: () => showPanel("channels") } }, "‹"),
    el("h1", {}, room.inDm ? `@ ${channel.name}` : `# ${channel.name}`),
    el("p", { class: "topic" }, room.inDm ? room.t("chat.dm_topic") : channel.topic || ""),
    pins.length > 0 && el(
      "button",
      { class: "ghost", type: "button", data: { focus: "pins" }, on: { click: () => jumpTo(pins.at(-1).id) } },
      `📌 ${pins.length}`,
      el("span", { class: "hidden" }, room.t("chat.pins")),
    ),
  ]);
}

function drawLog(log, room, follow) {
  const { channel } = room;
  const place = `${room.me.id}/${channel.id}`;
  const moved = follow.at !== place;
  if (moved) log.replaceChildren();
  log.setAttribute("aria-label", room.t("chat.log", { channel: channel.name }));
  reconcile(log, rows(channel, room), (row) => row.id, (row) => row.key, (row) => row.make());
  if (moved || follow.stick) toEnd(log);
  if (moved) follow.stick = true;
  follow.at = place;
}

/** Return what stands in the log: a start, a line for each new day, and the messages. */
function rows(channel, room) {
  const shown = [{ id: "start", key: `${channel.id}${room.words.language}`, make: () => opening(channel, room) }];
  let before = null;
  for (const message of channel.messages) {
    const date = new Date(message.timestamp);
    if (!before || dayOf(new Date(before.timestamp), room) !== dayOf(date, room)) shown.push(dayRow(date, room));
    const follows = continues(message, before);
    const key = messageKey(message, follows, room);
    shown.push({ id: message.id, key, make: () => messageElement(message, follows, room) });
    before = message;
  }
  return shown;
}

function dayRow(date, room) {
  const text = styled(date, "D", room);
  return { id: `day-${dayOf(date, room)}`, key: text, make: () => el("p", { class: "day" }, el("span", {}, text)) };
}

/** Whether a message stands under the one before without a head of its own, as Discord does within seven minutes. */
function continues(message, before) {
  if (!before || message.type !== 0 || ![0, 19].includes(before.type)) return false;
  const near = new Date(message.timestamp) - new Date(before.timestamp) < 7 * 60 * 1000;
  return near && message.author.id === before.author.id && message.ephemeral === before.ephemeral && !message.ephemeral;
}

function opening(channel, room) {
  const title = room.inDm ? room.t("chat.dm_start", { name: channel.name }) : room.t("chat.start", { name: channel.name });
  return el("div", { class: "opening" }, el("h2", {}, title), el("p", {}, room.inDm ? room.t("chat.dm_hint") : channel.topic || ""));
}

function toEnd(log) {
  log.scrollTop = log.scrollHeight;
}

/** Scroll to a message and light it up. */
export function jumpTo(id) {
  const found = document.querySelector(`[data-message="${CSS.escape(id)}"]`);
  if (!found) return;
  found.scrollIntoView({ block: "center" });
  found.classList.add("lit");
  found.addEventListener("animationend", () => found.classList.remove("lit"), { once: true });
}
