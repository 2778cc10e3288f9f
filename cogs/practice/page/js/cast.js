/** Who plays which part in the exercises: found in whatever school the practice room has. */

import { kindOf } from "./avatar.js";

/** Return {part: person}: writer, hurt, teacher, second, writer2, hurt2, teacher2, moderator, coordinator, ict. */
export function castOf(room) {
  const { people } = room.state;
  const cast = {};
  const classes = [...new Set(people.flatMap((person) => (kindOf(person) === "pupil" ? person.classes : [])))];
  classes.slice(0, 2).forEach((name, at) => Object.assign(cast, classCast(people, name, at ? "2" : "")));
  for (const kind of ["moderator", "coordinator", "ict"]) {
    const found = people.find((person) => kindOf(person) === kind);
    if (found) cast[kind] = found;
  }
  return cast;
}

function classCast(people, name, mark) {
  const inClass = people.filter((person) => person.classes.includes(name));
  const pupils = inClass.filter((person) => kindOf(person) === "pupil");
  const teachers = inClass.filter((person) => kindOf(person) === "teacher");
  teachers.sort((one, other) => one.classes.length - other.classes.length);
  const parts = { hurt: pupils[0], writer: pupils[1] || pupils[0], teacher: teachers[0], second: teachers[1] };
  return Object.fromEntries(Object.entries(parts).filter(([, person]) => person).map(([part, person]) => [part + mark, person]));
}

/** Return a text with the players' names in it; null when somebody is missing in this school. */
export function withNames(text, cast) {
  let missing = false;
  const filled = text.replace(/\{(\w+)\}/g, (whole, part) => {
    if (!cast[part]) missing = true;
    return cast[part]?.shown_name ?? whole;
  });
  return missing ? null : filled;
}
