/** Moments as the school's clock shows them. Every moment is shown in the school's time zone, in the reader's language. */

const EPOCH = 1420070400000n; // Discord's ids count milliseconds from 2015
const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

/** Return the id that a message of this moment would have. */
export function idAt(date) {
  return (BigInt(date.getTime()) - EPOCH) << 22n;
}

function locale(language) {
  return language === "en" ? "en-GB" : "nl-NL";
}

/** Return a moment in one of Discord's styles: t, T, d, D, f, F, or R (how long ago by the school's clock). */
export function styled(date, style, room) {
  const language = locale(room.words.language);
  if (style === "R") return relative(date, room.now(), language);
  const options = STYLES[style] || STYLES.f;
  return new Intl.DateTimeFormat(language, { ...options, timeZone: room.state.timezone }).format(date);
}

function relative(date, now, language) {
  const seconds = Math.round((date - now) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) || UNITS.at(-1);
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** Return the time beside a message: only the hour today, with the day otherwise. */
export function spoken(date, room) {
  const hour = styled(date, "t", room);
  const days = Math.round((dayOf(room.now(), room) - dayOf(date, room)) / 86400000);
  if (days === 0) return room.t("time.today", { hour });
  if (days === 1) return room.t("time.yesterday", { hour });
  return `${styled(date, "d", room)} ${hour}`;
}

/** Return midnight of a moment's day at school, as milliseconds that can be compared and subtracted. */
export function dayOf(date, room) {
  const parts = partsOf(date, room);
  return Date.UTC(parts.year, parts.month - 1, parts.day);
}

/** Return hours from now until the next `hour:minute` at school; with `days` not before that many midnights have passed. */
export function hoursUntil(hour, minute, room, days = 0) {
  const parts = partsOf(room.now(), room);
  let minutes = days * 1440 + (hour - parts.hour) * 60 + (minute - parts.minute);
  if (minutes <= 0) minutes += 1440;
  return minutes / 60;
}

function partsOf(date, room) {
  const form = new Intl.DateTimeFormat("en-GB", {
    timeZone: room.state.timezone, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
    hourCycle: "h23",
  });
  return Object.fromEntries(form.formatToParts(date).map((part) => [part.type, Number(part.value)]));
}

/** Return the top bar's clock, such as "dinsdag 24 november, 10:00". */
export function clockText(room) {
  const language = locale(room.words.language);
  const zone = { timeZone: room.state.timezone };
  const now = room.now();
  const day = new Intl.DateTimeFormat(language, { ...zone, weekday: "long", day: "numeric", month: "long" }).format(now);
  return { day, hour: new Intl.DateTimeFormat(language, { ...zone, hour: "2-digit", minute: "2-digit" }).format(now) };
}
