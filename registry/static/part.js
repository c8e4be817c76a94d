// Partial loading: links and filter forms of an element with data-part reload that element only. The address changes as
// if the page had been loaded; the server answers the whole page, so that nothing breaks without this script.
// A part with data-refresh looks again by itself after so many seconds. That is nobody's use of the session: it says so.
let begun = false;
let startAgain = () => {};

export function start(root, again) {
  startAgain = again;
  for (const part of root.querySelectorAll("[data-part][data-refresh]")) later(part);
  if (root !== document && root.matches("[data-refresh]")) later(root);
  if (begun) return;
  begun = true;
  document.addEventListener("click", click);
  document.addEventListener("submit", submit);
  window.addEventListener("popstate", () => {
    if (document.querySelector("[data-part]")) load(window.location.href, null);
  });
}

function isHere(address) {
  return address.origin === window.location.origin && address.pathname === window.location.pathname;
}

function click(event) {
  const link = event.target.closest("[data-part] a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const address = new URL(link.href);
  if (!isHere(address) || address.hash || link.target || link.hasAttribute("download")) return;
  event.preventDefault();
  load(address, link.closest("[data-part]").id);
}

function submit(event) {
  const form = event.target;
  const id = form.dataset.forPart;
  if (!id || form.method !== "get" || !document.getElementById(id)) return;
  const address = new URL(form.action);
  const filled = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value !== "");
  address.search = new URLSearchParams(filled).toString();
  if (!isHere(address)) return;
  event.preventDefault();
  load(address, id);
}

function later(part) {
  window.setTimeout(() => {
    if (!part.isConnected) return;
    if (document.visibilityState === "hidden") later(part);
    else lookAgain(part);
  }, Number(part.dataset.refresh) * 1000);
}

async function lookAgain(part) {
  try {
    const answer = await fetch(window.location.href, { headers: { "X-Partial": part.id, "X-Refresh": "1" } });
    if (!isHere(new URL(answer.url))) return window.location.reload();  // the session has ended
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
    if (!answer.ok || !fresh) return later(part);
    const [at] = [document.activeElement].filter((one) => part.contains(one) && one.href).map((one) => one.href);
    part.replaceWith(fresh);
    startAgain(fresh);
    if (at) [...fresh.querySelectorAll("a")].find((one) => one.href === at)?.focus({ preventScroll: true });
  } catch {
    later(part);  // the network is away: what is shown stays, with its time
  }
  return undefined;
}

async function load(address, id) {
  const part = id ? document.getElementById(id) : document.querySelector("[data-part]");
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { "X-Partial": part.id } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!answer.ok || !fresh || !isHere(new URL(answer.url))) throw new Error("another page");
    part.replaceWith(fresh);
    if (id) window.history.pushState({}, "", address);
    document.title = page.title;
    startAgain(fresh);
    fresh.tabIndex = -1;
    fresh.focus({ preventScroll: true });
    if (fresh.getBoundingClientRect().top < 0) fresh.scrollIntoView({ block: "start" });
  } catch {
    window.location.assign(address);
  }
}
