/** The top: the school's clock and the buttons that move it, the bot's switch, the language, the exercises. */

import { el, refill } from "./dom.js";
import { clockText, hoursUntil } from "./times.js";

const AFTER_LESSON = [15, 45];
const MORNING = [8, 30];
const TICK_MS = 1000;

/** Draw the bar and let its clock run. */
export function mountTopbar(node, room) {
  const clock = el("p", { class: "clock" });
  const draw = () => {
    if (!room.state) return;
    const { bot } = room.state;
    refill(node, [bot.running, bot.ready, room.words.language, room.busy, room.connected], () => content(clock, room));
    tick(clock, room);
  };
  for (const event of ["state", "language", "busy", "link"]) room.on(event, draw);
  setInterval(() => room.state && tick(clock, room), TICK_MS);
}

function tick(clock, room) {
  const { day, hour } = clockText(room);
  refill(clock, [day, hour], () => [el("strong", {}, hour), ` ${day}`]);
}

function content(clock, room) {
  return [
    el("div", { class: "brand" }, el("img", { src: "icon.svg", alt: "", width: 28, height: 28 }), el("strong", {}, room.t("top.title"))),
    el("div", { class: "time", role: "group", "aria-label": room.t("top.clock") }, clock, moves(room)),
    el("p", { class: "busy", role: "status" }, status(room)),
    el("div", { class: "top-end" }, power(room), language(room)),
  ];
}

function status(room) {
  if (!room.connected) return room.t("link.lost");
  return room.busy ? room.t(room.busy) : "";
}

/** The buttons that let time pass. Each says to what moment. */
function moves(room) {
  const all = [
    ["hour", () => ({ hours: 1 })],
    ["lesson", () => ({ hours: hoursUntil(...AFTER_LESSON, room) })],
    ["morning", () => ({ hours: hoursUntil(...MORNING, room, 1) })],
    ["week", () => ({ days: 7 })],
  ];
  return all.map(([name, step]) => {
    const press = () => room.longAct({ act: "advance", ...step() }, "top.moving");
    const data = { move: name, focus: name };
    return el("button", { type: "button", class: "ghost", title: room.t(`top.${name}_hint`), disabled: Boolean(room.busy), data, on: { click: press } }, room.t(`top.${name}`));
  });
}

function power(room) {
  const { running } = room.state.bot;
  const name = running ? "stop" : "start";
  const press = () => room.longAct({ act: name }, `top.${name === "stop" ? "stopping" : "starting"}`);
  const props = { type: "button", class: `ghost power ${running ? "on" : "off"}`, title: room.t(`top.${name}_hint`), disabled: Boolean(room.busy) };
  return el("button", { ...props, data: { power: name, focus: "power" }, on: { click: press } }, room.t(`top.${name}`));
}

function language(room) {
  const other = room.words.language === "nl" ? "en" : "nl";
  const name = other === "en" ? "English" : "Nederlands";
  return el("button", { type: "button", class: "ghost", lang: other, data: { language: other, focus: "language" }, on: { click: () => room.setLanguage(other) } }, name);
}
