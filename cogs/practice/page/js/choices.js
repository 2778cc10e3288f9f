/** What a list offers: its own options, or the people, roles and channels of the school. */

const USER = 5;
const ROLE = 6;
const MENTIONABLE = 7;
const CHANNEL = 8;

/** Return [{value, label, hint, sign, chosen}] for a select of a message or a form. */
export function selectOptions(component, room) {
  const preset = new Set((component.default_values || []).map((item) => item.id));
  if (component.type === USER) return people(room, preset);
  if (component.type === ROLE) return roles(room, preset);
  if (component.type === MENTIONABLE) return [...people(room, preset), ...roles(room, preset, "role:")];
  if (component.type === CHANNEL) return channels(component, room, preset);
  return component.options.map((option) => ({
    value: option.value, label: option.label, hint: option.description || "",
    sign: option.emoji && !option.emoji.id ? option.emoji.name : "", chosen: Boolean(option.default),
  }));
}

/** Return the people of the school as options. */
export function people(room, preset = new Set()) {
  return room.state.people.map((person) => ({
    value: person.id, label: person.shown_name, hint: person.classes.join(", "), sign: "", chosen: preset.has(person.id),
  }));
}

/** Return the roles as options; `prefix` sets their ids apart from people's. */
export function roles(room, preset = new Set(), prefix = "") {
  return room.state.roles
    .filter((role) => role.id !== room.state.guild.id)
    .map((role) => ({ value: prefix + role.id, label: role.name, hint: room.t("picker.role"), sign: "@", chosen: preset.has(role.id) }));
}

/** Return the channels that this person sees as options. */
export function channels(component, room, preset = new Set()) {
  const kinds = component.channel_types;
  return room.state.channels
    .filter((channel) => !kinds?.length || kinds.includes(channel.type))
    .map((channel) => ({ value: channel.id, label: channel.name, hint: channel.topic || "", sign: "#", chosen: preset.has(channel.id) }));
}
