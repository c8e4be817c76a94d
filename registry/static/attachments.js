// Files beside a record: dropped on the form or chosen in it, sent one at a time with their progress, each told of by
// name. Without this script the same form sends them all together.
import { hint, onto } from "./drop.js";
import { icon, make, say } from "./page.js";

let waiting = 0;
let sent = 0;
let queue = Promise.resolve();
let again = () => {};

export function start(root, startAgain) {
  again = startAgain;
  root.querySelectorAll("form[data-attach]").forEach(prepare);
}

window.addEventListener("beforeunload", (event) => {
  if (waiting) event.preventDefault();
});

function prepare(form) {
  const input = form.querySelector("input[type=file]");
  input.closest(".field").before(hint());
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    take(form, [...input.files]);
    input.value = "";
  });
  onto(form, (files) => take(form, [...files]));
}

// What is dropped while others are on their way comes after them.
function take(form, files) {
  const results = form.querySelector("[data-results]");
  if (!waiting) results.replaceChildren();
  waiting += 1;
  queue = queue.then(() => sendAll(form, files, results)).finally(() => {
    waiting -= 1;
  });
}

async function sendAll(form, files, results) {
  const told = form.querySelector("[data-told]");
  const lines = files.map((file) => line(results, file));
  let added = 0;
  for (const [number, file] of files.entries()) {
    told.textContent = say("attachSending", { number: number + 1, all: files.length, file: file.name });
    const reason = await outcome(form, file, number, lines[number]);
    if (!reason) added += 1;
    settle(lines[number], reason);
  }
  if (added) await refresh(form);
  // The lines below are seen; who listens is told the refusals too.
  const refused = [...results.querySelectorAll(".bad")].map((state) => state.parentElement.textContent);
  const heard = make("span", { class: "visually-hidden" }, refused.join("; "));
  told.replaceChildren(say("attachDone", { added, all: files.length }), " ", heard);
}

function line(results, file) {
  const bar = make("progress", { max: "100", value: "0", "aria-label": file.name });
  const state = make("span", { class: "attach-state" }, say("attachWaiting"));
  results.append(make("li", {}, make("span", { class: "attach-file" }, file.name), " ", bar, state));
  return { bar, state };
}

function settle({ bar, state }, reason) {
  bar.remove();
  state.classList.add(reason ? "bad" : "ok");
  state.replaceChildren(icon(reason ? "x-circle" : "check-circle"), reason || say("attachAdded"));
}

// What stands in the way, or "" for a file that was attached.
async function outcome(form, file, number, shown) {
  const { most, largest } = form.dataset;
  if (number >= Number(most)) return say("attachTooMany", { most });
  if (file.size > Number(largest)) return say("attachTooLarge", { most: Number(largest) / 1048576 });
  const answer = await send(form, file, shown);
  if (!answer) return say("attachFailed");
  if (answer.added && answer.added.length) return "";
  const messages = answer.refused ? answer.refused.map((one) => one.reason) : Object.values(answer.errors || {}).flat();
  return messages.join(" ") || answer.title || say("attachFailed");
}

// The server's answer, or null where there was none. Every file has its own nonce, so that none is taken twice.
function send(form, file, { bar, state }) {
  const body = new FormData(form);
  const field = form.querySelector("input[type=file]").name;
  body.delete(field);
  body.append(field, file);
  sent += 1;
  body.set("nonce", `${body.get("nonce")}-${sent}`);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = (100 * event.loaded) / event.total;
      state.textContent = event.loaded < event.total ? `${Math.round(bar.value)} %` : say("attachChecking");
    });
    request.addEventListener("load", () => resolve(request.response));
    request.addEventListener("error", () => resolve(null));
    request.send(body);
  });
}

// The list as it is now; what was told stays.
async function refresh(form) {
  const part = form.closest("[data-attachments]");
  try {
    const answer = await fetch(part.dataset.attachments);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const name of ["[data-attached]", "[data-attached-count]"]) {
      const fresh = page.querySelector(name);
      part.querySelector(name).replaceWith(fresh);
      again(fresh);
    }
  } catch {
    waiting = 0;
    window.location.reload();
  }
}
