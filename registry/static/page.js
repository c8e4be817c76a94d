// What the page tells its scripts: sentences in the reader's language, the icons, who is reading.
const sentences = JSON.parse(document.body.dataset.texts || "{}");

export const user = document.body.dataset.user || "";

export function say(key, values = {}) {
  return (sentences[key] || key).replace(/\{(\w+)\}/g, (_all, name) => String(values[name]));
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  picture.append(use);
  return picture;
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// An input method sends Enter and arrows of its own while it composes; 229 is how older browsers say so.
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}
