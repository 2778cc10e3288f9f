/** The road to the practice room's server: one WebSocket, and uploads. The protocol stands in cogs/practice/play.py. */

const RECONNECT_MS = 1500;

export class Link {
  /**
   * @param {string} key  the key of this run, from the page's own address
   * @param {{state: (state) => void, up: () => void, down: () => void}} heard
   */
  constructor(key, heard) {
    this.key = key;
    this.heard = heard;
    this.number = 0;
    this.waiting = new Map();
    this.closed = false;
    this.open();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/play?key=${encodeURIComponent(this.key)}`);
    this.socket.addEventListener("open", () => this.heard.up());
    this.socket.addEventListener("message", (event) => this.hear(JSON.parse(event.data)));
    this.socket.addEventListener("close", () => this.lose());
  }

  lose() {
    for (const { reject } of this.waiting.values()) reject(new Error(""));
    this.waiting.clear();
    this.heard.down();
    setTimeout(() => this.open(), RECONNECT_MS);
  }

  hear(frame) {
    if (frame.event === "state") {
      this.heard.state(frame);
      return;
    }
    const waiter = this.waiting.get(frame.id);
    this.waiting.delete(frame.id);
    if (waiter && frame.error) waiter.reject(new Error(frame.error));
    else if (waiter) waiter.resolve(frame);
  }

  /** Send one request; resolves with its answer, rejects with the sentence of a refusal. */
  ask(request) {
    return new Promise((resolve, reject) => {
      if (this.socket.readyState !== WebSocket.OPEN) {
        reject(new Error(""));
        return;
      }
      this.number += 1;
      this.waiting.set(this.number, { resolve, reject });
      this.socket.send(JSON.stringify({ id: this.number, ...request }));
    });
  }

  /** Upload files; resolves with the paths that acts take. */
  async upload(files) {
    if (!files.length) return [];
    const form = new FormData();
    for (const file of files) form.append("file", file, file.name);
    const answer = await fetch(`/play/upload?key=${encodeURIComponent(this.key)}`, { method: "POST", body: form });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return (await answer.json()).files.map((file) => file.path);
  }
}
