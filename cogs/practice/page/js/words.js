/** The page's own sentences, in Dutch and English, from words/page.json. What the bot says has its own language. */

export class Words {
  constructor(texts) {
    this.texts = texts;
    this.language = "nl";
  }

  /** Return the sentence under `key`; `{name}` in it becomes `values.name`. */
  say(key, values = {}) {
    const both = this.texts[key];
    const text = both ? both[this.language] ?? both.nl : key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }
}
