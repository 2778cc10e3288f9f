/** People, roles, channels and moments inside a text; and the mentions that somebody types. */

import { el } from "./dom.js";
import { styled } from "./times.js";

/** Return a mention as a chip; what nobody knows is shown as Discord does, by its number. */
export function chip(part, room) {
  if (part.user) return named("@", room.person(part.user)?.shown_name || room.person(part.user)?.global_name, part.user, room);
  if (part.role) return role(part.role, room);
  if (part.place) return place(part.place, room);
  return el("span", { class: "mention strong" }, part.all);
}

function named(sign, name, id, room) {
  const mine = id === room.me.id ? " me" : "";
  return el("span", { class: `mention${mine}` }, sign + (name || id));
}

function role(id, room) {
  const found = room.state.roles.find((item) => item.id === id);
  return el("span", { class: "mention role" }, `@${found ? found.name : id}`);
}

function place(id, room) {
  const found = room.find(id);
  if (!found) return el("span", { class: "mention" }, room.t("channel.hidden"));
  return el("button", { class: "mention", type: "button", on: { click: () => room.open(id) } }, `#${found.name}`);
}

/** Return a moment as an element that says the whole date when one points at it. */
export function timestamp(seconds, style, room) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  return el("time", { datetime: date.toISOString(), title: styled(date, "F", room) }, styled(date, style, room));
}

/** Return what Discord's client sends for a typed text: `@Name` of somebody here becomes a mention by id. */
export function withIds(text, room) {
  const people = [...room.state.people, { id: room.state.bot.id, shown_name: room.state.bot.username }];
  people.sort((one, other) => other.shown_name.length - one.shown_name.length);
  let sent = text;
  for (const person of people) sent = sent.replaceAll(`@${person.shown_name}`, `<@${person.id}>`);
  return sent;
}

/** Return a sent text as its writer typed it, for editing: mentions by name. */
export function withNames(text, room) {
  return text.replace(/<@!?(\d+)>/g, (whole, id) => {
    const found = room.person(id);
    return found ? `@${found.shown_name || found.username}` : whole;
  });
}

/** Return the people whose name has a word that begins with `start`. */
export function peopleLike(start, room) {
  const wanted = start.toLocaleLowerCase();
  return room.state.people
    .filter((person) => person.id !== room.me.id && person.present)
    .filter((person) => ` ${person.shown_name.toLocaleLowerCase()}`.includes(` ${wanted}`));
}
