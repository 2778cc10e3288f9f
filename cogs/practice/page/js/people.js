/** The first column: who you are. People are grouped by what they are at school, and pupils by class. */

import { avatar, badge, kindOf } from "./avatar.js";
import { el, refill } from "./dom.js";
import { showPanel } from "./panels.js";

const ORDER = ["pupil", "teacher", "moderator", "coordinator", "ict", "other"];

/** Keep the column in line with the room. */
export function mountPeople(node, room) {
  const draw = () => {
    if (!room.state) return;
    const people = room.state.people.map((person) => [person, room.waitsFor(person)]);
    node.setAttribute("aria-label", room.t("people.label"));
    refill(node, [room.me.id, people, room.words.language], () => content(room));
  };
  for (const event of ["state", "language"]) room.on(event, draw);
}

function content(room) {
  const groups = grouped(room.state.people, room);
  return [
    el("h2", { class: "column-title" }, room.t("people.title")),
    groups.map(([title, people]) => [
      el("h3", {}, title),
      el("ul", { class: "plain" }, people.map((person) => el("li", {}, entry(person, room)))),
    ]),
  ];
}

/** Return [title, people] for each group that has somebody. */
function grouped(people, room) {
  const groups = new Map();
  const sorted = [...people].sort((one, other) => ORDER.indexOf(kindOf(one)) - ORDER.indexOf(kindOf(other)));
  for (const person of sorted) {
    const kind = kindOf(person);
    const title = kind === "pupil" ? person.classes[0] || room.t("group.pupil") : room.t(`group.${kind}`);
    groups.set(title, [...(groups.get(title) || []), person]);
  }
  return [...groups];
}

function entry(person, room) {
  const chosen = person.id === room.me.id;
  const waits = !chosen && room.waitsFor(person);
  const choose = async () => {
    await room.be(person.id);
    showPanel("chat");
  };
  return el(
    "button",
    {
      type: "button", class: `person${chosen ? " chosen" : ""}${person.present ? "" : " away"}`, on: { click: choose },
      "aria-pressed": String(chosen), data: { person: person.id, focus: person.id },
    },
    avatar(person.shown_name, { small: true }),
    el("span", { class: "person-text" },
      el("span", { class: "person-top" }, el("span", { class: "person-name" }, person.shown_name), badge(person, room)),
      line(person, room)),
    waits && el("span", { class: "dot", role: "img", "aria-label": room.t("people.waits"), title: room.t("people.waits") }),
  );
}

/** The second line: classes of a teacher, and what is out of the ordinary. */
function line(person, room) {
  const marks = [
    person.classes.length && kindOf(person) !== "pupil" && person.classes.join(", "),
    !person.present && room.t("people.left"),
    person.dms_closed && room.t("people.closed"),
    person.locale.startsWith("en") && "English",
  ].filter(Boolean);
  return marks.length > 0 && el("span", { class: "person-line" }, marks.join(" · "));
}
