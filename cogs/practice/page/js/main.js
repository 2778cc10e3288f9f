/** The page's start: texts, the line to the server, and each part on its own element. */

import { mountChannels } from "./channels.js";
import { mountChat } from "./chat.js";
import { mountComposer } from "./composer.js";
import { mountGuide } from "./guide.js";
import { Link } from "./link.js";
import { mountModal } from "./modal.js";
import { mountPanels } from "./panels.js";
import { mountPeople } from "./people.js";
import { Room } from "./room.js";
import { mountToasts } from "./toasts.js";
import { mountTopbar } from "./topbar.js";

const at = (id) => document.getElementById(id);

async function read(path, fallback) {
  try {
    const answer = await fetch(path);
    return answer.ok ? await answer.json() : fallback;
  } catch {
    return fallback;
  }
}

function mount(room, exercises, samples) {
  mountTopbar(at("top"), room);
  mountPeople(at("people"), room);
  mountChannels(at("channels"), room);
  mountChat(at("chat-head"), at("log"), room);
  mountComposer(at("write"), room);
  mountGuide(at("guide"), room, exercises, samples);
  mountPanels(at("tabs"), room);
  mountModal(room);
  mountToasts(room);
  const name = () => {
    document.documentElement.lang = room.words.language;
    document.title = room.t("top.window");
    at("skip").textContent = room.t("top.skip");
  };
  room.on("language", name);
  room.on("state", name);
}

async function start() {
  const [words, exercises, samples] = await Promise.all([read("words/page.json", {}), read("words/guide.json", []), read("samples/", [])]);
  const key = new URLSearchParams(location.search).get("key") || "";
  const room = new Room(words, key);
  mount(room, exercises, samples);
  room.link = new Link(key, {
    state: (state) => room.hear(state),
    up: () => room.connect(true),
    down: () => room.connect(false),
  });
}

start();
