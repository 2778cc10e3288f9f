/** What one may do with a message: react, answer, and behind "..." the apps' menus, edit, delete. */

import { el } from "./dom.js";
import { toast } from "./toasts.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "👏", "🎉", "👎"];

/** Return the small bar that shows on a message when one points at it or tabs into it. */
export function messageTools(message, room) {
  if (message.loading || message.ephemeral) return null;
  const answer = () => room.tell("reply", message);
  return el(
    "div",
    { class: "tools", role: "toolbar", "aria-label": room.t("menu.label") },
    tool("😊", room.t("menu.react"), "react", (event) => openMenu(event.currentTarget, reactions(message, room), room, "emoji")),
    tool("↩", room.t("menu.reply"), "reply", answer),
    tool("⋯", room.t("menu.more"), "more", (event) => openMenu(event.currentTarget, entries(message, room), room)),
  );
}

function tool(sign, label, focus, press) {
  const props = { type: "button", "aria-label": label, title: label, data: { focus, tool: focus }, on: { click: press } };
  if (focus !== "reply") props["aria-haspopup"] = "menu";
  return el("button", props, sign);
}

function reactions(message, room) {
  return EMOJI.map((emoji) => ({ label: emoji, press: () => room.act({ act: "react", message: message.id, emoji }) }));
}

/** Return what "..." offers for this message. */
function entries(message, room) {
  const { message_menus: menus, user_menus: userMenus } = room.channel;
  const isPerson = room.state.people.some((person) => person.id === message.author.id);
  const apps = menus.map((item) => ({
    label: item.shown_name, app: true, press: () => room.act({ act: "menu", name: item.name, message: message.id }),
  }));
  const users = (isPerson ? userMenus : []).map((item) => ({
    label: `${item.shown_name}: ${message.author_name}`, app: true,
    press: () => room.act({ act: "menu", name: item.name, user: message.author.id, channel: room.inDm ? "dm" : room.channel.id }),
  }));
  const own = message.mine && [
    { label: room.t("menu.edit"), press: () => room.tell("edit", message) },
    { label: room.t("menu.delete"), danger: true, press: () => room.act({ act: "delete", message: message.id }) },
  ];
  return [...apps, ...users, { label: room.t("menu.reply"), press: () => room.tell("reply", message) }, ...forwards(message, room), copy(message, room), ...(own || [])];
}

function forwards(message, room) {
  const bot = room.state.bot.username;
  return room.inDm ? [] : [{ label: room.t("menu.forward", { name: bot }), press: () => room.act({ act: "forward", message: message.id, channel: "dm" }) }];
}

function copy(message, room) {
  const press = async () => {
    await navigator.clipboard?.writeText(message.shown_content);
    toast(room.t("menu.copied"));
  };
  return { label: room.t("menu.copy"), press };
}

/**
 * Open a menu at an element: arrows walk, Escape closes.
 * @param {Array<{label: string, press: () => void, danger?: boolean, app?: boolean}>} items
 */
export function openMenu(anchor, items, room, style = "") {
  closeMenu();
  const menu = el("div", { class: `menu ${style}`, role: "menu", id: "menu" });
  for (const item of items) {
    const run = () => {
      closeMenu();
      anchor.focus({ preventScroll: true });
      item.press();
    };
    menu.append(el(
      "button",
      { type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "danger" : "", on: { click: run } },
      el("span", {}, item.label),
      item.app && el("span", { class: "badge badge-app" }, "APP"),
    ));
  }
  document.body.append(menu);
  place(menu, anchor);
  menu.addEventListener("keydown", (event) => walk(event, menu, anchor));
  anchor.closest(".message")?.classList.add("menu-open");
  menu.firstElementChild?.focus();
  setTimeout(() => document.addEventListener("pointerdown", outside), 0);
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.right - menu.offsetWidth), innerWidth - menu.offsetWidth - 8);
  const below = at.bottom + 4;
  const top = below + menu.offsetHeight > innerHeight - 8 ? Math.max(8, at.top - menu.offsetHeight - 4) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function walk(event, menu, anchor) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  if (event.key in steps) items[(at + steps[event.key] + items.length) % items.length].focus();
  else if (event.key === "Home") items[0].focus();
  else if (event.key === "End") items.at(-1).focus();
  else if (event.key === "Escape" || event.key === "Tab") {
    closeMenu();
    anchor.focus();
  } else return;
  event.preventDefault();
}

function outside(event) {
  if (!event.target.closest?.("#menu")) closeMenu();
}

/** Close the menu that is open, if any. */
export function closeMenu() {
  document.removeEventListener("pointerdown", outside);
  document.getElementById("menu")?.remove();
  document.querySelector(".menu-open")?.classList.remove("menu-open");
}
