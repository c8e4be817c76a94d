// The page at the table: a tap is sent without leaving the page, and others' taps come in by themselves. Plain forms
// do the same without this script.
const PAUSE = 15000;
let timer = null;

export function start(root) {
  const part = root.id === "ticks" ? root : root.querySelector("[data-ticks]");
  if (!part) return;
  part.addEventListener("submit", send);
  if (!timer) timer = window.setInterval(look, PAUSE);
}

function isBusy(part) {
  return document.hidden || part.querySelector("details[open]") || part.getAttribute("aria-busy") === "true";
}

async function look() {
  const part = document.querySelector("[data-ticks]");
  if (part && !isBusy(part)) await fill(part, () => fetch(window.location.href), false);
}

async function send(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  event.preventDefault();
  const part = form.closest("[data-ticks]");
  const done = await fill(part, () => fetch(form.action, { method: "POST", body: new FormData(form) }), true);
  if (!done) form.submit();
}

async function fill(part, ask, told) {
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await ask();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("ticks");
    if (!fresh) return !told;
    part.replaceWith(fresh);
    fresh.addEventListener("submit", send);
    if (told) {
      fresh.tabIndex = -1;
      fresh.focus({ preventScroll: true });
    }
    return true;
  } catch {
    return !told;
  } finally {
    part.removeAttribute("aria-busy");
  }
}
