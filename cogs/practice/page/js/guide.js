/** "Wat kun je hier oefenen?": exercises in short steps, with buttons that go there, put a text ready or move the clock. */

import { castOf, withNames } from "./cast.js";
import { el, refill } from "./dom.js";
import { showPanel } from "./panels.js";
import { toast } from "./toasts.js";

/** Keep the panel in line with the room. `exercises` comes from words/guide.json, `samples` names pictures to attach. */
export function mountGuide(node, room, exercises, samples) {
  const panel = { open: null };
  const draw = () => {
    if (!room.state) return;
    node.setAttribute("aria-label", room.t("guide.title"));
    const names = room.state.people.map((person) => [person.id, person.shown_name, person.dms_closed]);
    refill(node, [names, panel.open, room.memory.done, room.words.language, room.state.bot.running], () => content(room, exercises, samples, panel, draw));
  };
  for (const event of ["state", "language"]) room.on(event, draw);
}

function content(room, exercises, samples, panel, draw) {
  const cast = castOf(room);
  const { language } = room.words;
  const playable = exercises.filter((exercise) => exercise.needs.every((part) => cast[part]));
  const toggle = (id, open) => {
    panel.open = open ? id : panel.open === id ? null : panel.open;
    draw();
  };
  return [
    el("h2", { class: "column-title" }, room.t("guide.title")),
    el("p", { class: "guide-intro" }, room.t("guide.intro")),
    playable.map((exercise, at) => card(exercise, at + 1, { room, cast, language, panel, toggle, draw })),
    samples.length > 0 && pictures(samples, room),
    el("p", { class: "guide-foot" }, room.t("guide.foot")),
  ];
}

function card(exercise, number, view) {
  const { room, cast, language, panel, toggle, draw } = view;
  const words = exercise[language];
  const done = room.memory.done[exercise.id] || [];
  const open = panel.open === exercise.id;
  const finished = done.length === exercise.steps.length;
  const head = el(
    "button",
    { type: "button", class: "exercise-head", "aria-expanded": String(open), data: { exercise: exercise.id, focus: exercise.id }, on: { click: () => toggle(exercise.id, !open) } },
    el("span", { class: "number", "aria-hidden": "true" }, finished ? "✓" : String(number)),
    el("span", { class: "option-text" }, el("strong", {}, words.title), el("small", {}, `${words.goal} · ${words.minutes}`)),
  );
  const steps = exercise.steps.map((step, at) => stepItem(exercise, step, at, words.steps[at], { room, cast, draw }));
  return el("section", { class: `exercise${open ? " open" : ""}${finished ? " finished" : ""}` }, head, open && el("ol", { class: "plain" }, steps));
}

function stepItem(exercise, step, at, sentence, { room, cast, draw }) {
  const done = room.memory.done[exercise.id] || [];
  const mark = (event) => {
    const others = done.filter((item) => item !== at);
    room.memory.done[exercise.id] = event.currentTarget.checked ? [...others, at] : others;
    room.keep();
    draw();
  };
  const box = el("input", { type: "checkbox", checked: done.includes(at), data: { focus: `${exercise.id}-${at}` }, on: { change: mark } });
  const text = el("label", {}, box, el("span", {}, withNames(sentence, cast)));
  return el("li", {}, text, step.do && button(step, room, cast));
}

/** The button of a step: it brings one there and prepares; pressing "send" stays with the person. */
function button(step, room, cast) {
  const label = step.do.act ? room.t(`guide.${step.do.label}`) : room.t("guide.go", { name: cast[step.do.be].shown_name });
  const go = async () => {
    const { be, open, text, picture, act } = step.do;
    if (act) await room.longAct(filled(act, cast), "top.moving");
    if (be) await room.be(cast[be].id, open || null);
    if (text || picture) room.tell("write", { text: text && withNames(text[room.words.language], cast), files: await sample(picture) });
    showPanel("chat");
  };
  return el("button", { type: "button", class: "button secondary compact", data: { go: "" }, on: { click: go } }, label);
}

function filled(act, cast) {
  return act.for ? { ...act, for: cast[act.for].id } : act;
}

async function sample(name) {
  if (!name) return [];
  const answer = await fetch(`samples/${encodeURIComponent(name)}`);
  if (!answer.ok) return [];
  return [new File([await answer.blob()], name, { type: answer.headers.get("Content-Type") || "" })];
}

function pictures(samples, room) {
  const attach = async (name) => {
    const files = await sample(name);
    if (!files.length) toast(room.t("guide.no_sample"), "refused");
    room.tell("write", { files });
    showPanel("chat");
  };
  return el(
    "section",
    { class: "samples" },
    el("h3", {}, room.t("guide.samples")),
    el("p", { class: "guide-intro" }, room.t("guide.samples_hint")),
    el("ul", { class: "plain sample-list" }, samples.map((name) => el("li", {}, el(
      "button",
      { type: "button", "aria-label": room.t("guide.attach", { name }), title: name, data: { sample: name }, on: { click: () => attach(name) } },
      el("img", { src: `samples/${encodeURIComponent(name)}`, alt: "", loading: "lazy" }),
    )))),
  );
}
