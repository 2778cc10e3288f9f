/** On a narrow screen one panel shows at a time, with tabs below; on a wide screen all stand side by side. */

import { el, refill } from "./dom.js";

const PANELS = ["people", "channels", "chat", "guide"];

/** Show one panel (on a narrow screen; a wide one shows them all). */
export function showPanel(name) {
  document.getElementById("room").dataset.panel = name;
  for (const tab of document.querySelectorAll("#tabs button")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
  }
}

/** Draw the tabs. */
export function mountPanels(node, room) {
  const draw = () => {
    if (!room.state) return;
    const marks = {
      people: room.state.people.filter((person) => person.id !== room.me.id && room.waitsFor(person)).length,
      channels: [...room.state.channels, room.state.dm].reduce((sum, channel) => sum + room.unread(channel), 0),
    };
    node.setAttribute("aria-label", room.t("tabs.label"));
    refill(node, [marks, room.words.language], () => PANELS.map((name) => tab(name, marks[name], room)));
  };
  for (const event of ["state", "language"]) room.on(event, draw);
}

function tab(name, mark, room) {
  const pressed = document.getElementById("room").dataset.panel === name;
  return el(
    "button",
    { type: "button", "aria-pressed": String(pressed), data: { tab: name, focus: name }, on: { click: () => showPanel(name) } },
    room.t(`tabs.${name}`),
    mark > 0 && el("span", { class: "count" }, String(mark)),
  );
}
