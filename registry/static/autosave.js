// Long forms keep what is typed: on this computer, and with an address in data-autosave also on the server. What was
// left unfinished is offered again; signing out takes it away, since offices share computers.
import { make, say, user } from "./page.js";

const PAUSE = 1500;
const PREFIX = "draft:";
const SENT = "draft-sent";
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const UNKEPT = new Set(["csrf_token", "nonce", "row_version"]);
let begun = false;

export function start(root) {
  if (!begun) begin();
  root.querySelectorAll("form[data-autosave]").forEach(watch);
}

function begin() {
  begun = true;
  settleSent();
  drop((_key, draft) => Date.now() - draft.at > KEPT_FOR);
  document.querySelectorAll("form[data-sign-out]").forEach((form) => {
    form.addEventListener("submit", () => drop((key) => key.startsWith(`${PREFIX}${user}:`)));
  });
}

function keyOf(form) {
  return `${PREFIX}${user}:${window.location.pathname}#${form.id}`;
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function drop(isWanted) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && isWanted(key, read(key) || { at: 0 })) localStorage.removeItem(key);
  }
}

// A form that was sent is settled by the page that follows, unless that page is the form with errors or a problem.
function settleSent() {
  const key = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (key && !document.querySelector("[data-errors], .problem")) localStorage.removeItem(key);
}

function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !UNKEPT.has(name) && !isSecret(form, name));
}

function isSecret(form, name) {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement && field.type === "password";
}

function clock(at) {
  return new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
}

function watch(form) {
  const key = keyOf(form);
  const state = form.querySelector("[data-state]");
  const tell = (text) => { if (state) state.textContent = text; };
  let timer = 0;
  offer(form, key, tell);
  form.addEventListener("input", () => {
    tell(say("notSaved"));
    clearTimeout(timer);
    timer = setTimeout(() => keep(form, key, tell), PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    if (localStorage.getItem(key)) sessionStorage.setItem(SENT, key);
  });
}

async function keep(form, key, tell) {
  const at = Date.now();
  localStorage.setItem(key, JSON.stringify({ at, fields: fieldsOf(form) }));
  tell(say("savedHere", { time: clock(at) }));
  if (!form.dataset.autosave) return;
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" } });
    tell(say(answer.ok && !answer.redirected ? "savedThere" : "saveFailed", { time: clock(at) }));
  } catch {
    tell(say("saveFailed"));
  }
}

function offer(form, key, tell) {
  const draft = read(key);
  if (!draft || form.querySelector("[data-errors]") || JSON.stringify(draft.fields) === JSON.stringify(fieldsOf(form))) return;
  const restore = make("button", { type: "button", class: "btn btn-outline-secondary" }, say("restore"));
  const discard = make("button", { type: "button", class: "btn btn-link" }, say("discard"));
  const words = make("p", {}, say("found", { time: new Date(draft.at).toLocaleString("zh-CN", { hour12: false }) }));
  const note = make("div", { class: "note note-info", role: "status" }, make("div", {}, words, make("p", {}, restore, discard)));
  restore.addEventListener("click", () => {
    fill(form, draft.fields);
    note.remove();
    tell(say("savedHere", { time: clock(draft.at) }));
  });
  discard.addEventListener("click", () => {
    localStorage.removeItem(key);
    note.remove();
  });
  form.prepend(note);
}

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || UNKEPT.has(field.name) || field.matches("[type=file], [type=hidden], button")) continue;
    const given = values.get(field.name) || [];
    if (field.matches("[type=checkbox], [type=radio]")) field.checked = given.includes(field.value);
    else if (given.length) field.value = given.length > 1 ? given.shift() : given[0];
    if (field.matches("select")) field.dispatchEvent(new Event("change"));
  }
  form.dispatchEvent(new Event("input"));
}
