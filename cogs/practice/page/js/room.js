/** What the page knows: the newest state, who I am, which channel is open, what I have read. The parts listen to it. */

import { Words } from "./words.js";
import { idAt } from "./times.js";

const MEMORY = "klaswacht-oefenlokaal";
export const DM = "dm";
export const STAFF = "staff";
export const HOME = "home";

export class Room extends EventTarget {
  /**
   * @param {Object} words  the page's sentences
   * @param {string} key  the key of this run; what an earlier run left behind is forgotten
   */
  constructor(words, key) {
    super();
    this.words = new Words(words);
    this.key = key;
    this.state = null;
    this.wanted = null;
    this.link = null;
    this.connected = false;
    this.busy = false;
    this.heardAt = 0;
    this.waiters = [];
    this.memory = this.remember();
    if (this.memory.language) this.words.language = this.memory.language;
  }

  /** What survives a reload of this tab: open channels, read marks, language, exercises. */
  remember() {
    const empty = { key: this.key, person: null, open: {}, read: {}, start: null, language: null, done: {} };
    try {
      const kept = JSON.parse(sessionStorage.getItem(MEMORY) || "{}");
      return kept.key === this.key ? { ...empty, ...kept } : { ...empty, language: kept.language ?? null };
    } catch {
      return empty;
    }
  }

  keep() {
    try {
      sessionStorage.setItem(MEMORY, JSON.stringify(this.memory));
    } catch {
      // A browser without storage: the page works, it only forgets at a reload.
    }
  }

  t(key, values) {
    return this.words.say(key, values);
  }

  tell(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }

  on(event, handler) {
    this.addEventListener(event, (happened) => handler(happened.detail));
  }

  /** The line to the server came up or broke. The first state after it says who there is to choose from. */
  connect(isUp) {
    this.connected = isUp;
    if (isUp) this.wanted = null;
    this.tell("link");
  }

  /** Choose who I am at the start: who I was before a reload, else the first pupil. */
  begin(state) {
    const { people } = state;
    const pupil = people.find((person) => person.kinds.includes("pupil")) || people[0];
    this.wanted = (people.find((person) => person.id === this.memory.person) || pupil).id;
    this.link.ask({ watch: this.wanted }).catch(() => this.connect(false));
  }

  /** Take in a state from the server. One of somebody else than the wanted person is late, and dropped. */
  hear(state) {
    if (!this.wanted) this.begin(state);
    if (state.me.id !== this.wanted) return;
    const before = this.state;
    this.state = state;
    this.heardAt = performance.now();
    this.memory.start ??= String(idAt(new Date(state.clock)));
    if (!this.memory.language) this.words.language = state.guild.language === "en" ? "en" : "nl";
    this.markRead();
    this.tell("state", { before });
    for (const waiter of this.waiters.splice(0)) waiter();
  }

  get me() {
    return this.state.me;
  }

  /** The channel that is open: one of the channels, or the direct conversation. */
  get channel() {
    const name = this.memory.open[this.me.id];
    return this.find(name) || this.find(this.state.home) || this.state.channels[0] || this.state.dm;
  }

  get inDm() {
    return this.channel.id === this.state.dm.id;
  }

  find(name) {
    if (name === DM || name === this.state.dm.id) return this.state.dm;
    if (name === STAFF) return this.state.channels.find((channel) => channel.kind === STAFF);
    return this.state.channels.find((channel) => channel.id === name);
  }

  person(id) {
    return this.state.people.find((person) => person.id === id) || (id === this.state.bot.id ? this.state.bot : null);
  }

  /** The school's time now; it runs on between states. */
  now() {
    return new Date(new Date(this.state.clock).getTime() + performance.now() - this.heardAt);
  }

  /** Become somebody else; resolves when that person's screen is there. */
  async be(id, channel = null) {
    if (channel) this.memory.open[id] = channel;
    this.memory.person = id;
    this.keep();
    if (this.state && this.state.me.id === id) {
      if (channel) this.open(channel);
      return;
    }
    this.wanted = id;
    const there = new Promise((resolve) => this.waiters.push(resolve));
    await this.link.ask({ watch: id });
    await there;
    this.tell("person");
  }

  open(channel) {
    this.memory.open[this.me.id] = channel;
    this.markRead();
    this.tell("open");
    this.tell("state", { before: this.state });
  }

  /** Open a channel at a message, when this person sees it. */
  go(channel, message) {
    if (!this.find(channel)) {
      this.tell("refused", this.t("channel.no_access"));
      return;
    }
    this.open(channel);
    if (message) this.tell("jump", message);
  }

  markRead() {
    const channel = this.channel;
    const last = channel.messages.at(-1);
    if (last) (this.memory.read[this.me.id] ??= {})[channel.id] = last.id;
    this.keep();
  }

  /** How many messages of others I have not seen in a channel. */
  unread(channel) {
    const seen = BigInt(this.memory.read[this.me.id]?.[channel.id] || this.memory.start);
    return channel.messages.filter((message) => !message.mine && BigInt(message.id) > seen).length;
  }

  /** Whether the bot wrote something to this person that the person has not seen. */
  waitsFor(person) {
    if (!person.last_dm) return false;
    return BigInt(person.last_dm) > BigInt(this.memory.read[person.id]?.[person.dm] || this.memory.start);
  }

  /** Do an act as the person on screen. A refusal is shown in words; resolves with whether it was done. */
  async act(fields) {
    try {
      await this.link.ask({ act: { as: this.me.id, ...fields } });
      return true;
    } catch (error) {
      this.tell("refused", error.message || this.t("link.lost"));
      return false;
    }
  }

  /** Do an act that takes long (the clock, the bot's start); the page shows that it is busy. */
  async longAct(fields, sentence) {
    this.busy = sentence;
    this.tell("busy");
    const done = await this.act(fields);
    this.busy = false;
    this.tell("busy");
    return done;
  }

  setLanguage(language) {
    this.memory.language = language;
    this.words.language = language;
    this.keep();
    this.tell("language");
  }
}
