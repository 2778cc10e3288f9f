/** Round pictures with initials, and the badges that say who somebody is at school. */

import { el, hash } from "./dom.js";

const SHADES = 8;
const SKIP = new Set(["de", "van", "der", "den", "het", "juf", "meester", "mevrouw", "meneer", "ms", "mr", "mrs"]);

/** Return a round picture with the initials of a name; the bot has the sign of Klaswacht. */
export function avatar(name, { bot = false, small = false } = {}) {
  const size = small ? " small" : "";
  if (bot) return el("img", { class: `avatar${size}`, src: "icon.svg", alt: "" });
  return el("span", { class: `avatar shade-${hash(name) % SHADES}${size}`, "aria-hidden": "true" }, initials(name));
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const telling = words.filter((word) => !SKIP.has(word.toLocaleLowerCase()));
  const chosen = telling.length ? telling : words;
  const letters = chosen.length > 1 ? [chosen[0], chosen.at(-1)] : chosen;
  return letters.map((word) => [...word][0].toLocaleUpperCase()).join("") || "?";
}

/** Return what somebody is at school, the first that counts: coordinator, moderator, teacher, pupil, ICT, other. */
export function kindOf(person) {
  if (person.owner) return "ict";
  return ["coordinator", "moderator", "teacher", "pupil"].find((kind) => person.kinds.includes(kind)) || "other";
}

/** Return a badge with a person's role, in words. */
export function badge(person, room) {
  const kind = kindOf(person);
  return el("span", { class: `badge badge-${kind}` }, room.t(`kind.${kind}`));
}
