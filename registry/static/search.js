// The search box: "/" goes there, what is typed is looked up, arrows and Enter choose. The form itself needs none of it.
import { isComposing, make, say } from "./page.js";

const PAUSE = 200;
let begun = false;

export function start(root) {
  root.querySelectorAll("form[data-find]").forEach((form) => new Finder(form));
  if (begun) return;
  begun = true;
  document.addEventListener("keydown", slash);
  document.addEventListener("keydown", walk);
}

function isTyping(element) {
  return element.closest("input, textarea, select, [contenteditable]");
}

function slash(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isComposing(event) || isTyping(event.target)) return;
  const box = document.querySelector("form[data-find] input");
  if (!box || !box.offsetParent) return;
  event.preventDefault();
  box.focus();
  box.select();
}

// On the page of results the arrows go from hit to hit.
function walk(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const hits = [...document.querySelectorAll("[data-hits] a[data-hit]")];
  const at = hits.indexOf(document.activeElement);
  if (!by || at < 0) return;
  event.preventDefault();
  const next = hits[at + by];
  if (next) next.focus(); else if (by < 0) document.querySelector("form[data-find] input").focus();
}

class Finder {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input");
    this.asked = 0;
    this.at = -1;
    this.list = make("ul", { id: `${this.input.id}-list`, class: "combo-list found", role: "listbox", "aria-label": this.input.getAttribute("aria-label"), hidden: "" });
    this.status = make("span", { class: "visually-hidden", role: "status" });
    this.input.after(this.list, this.status);
    const combo = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(combo)) this.input.setAttribute(name, value);
    this.input.addEventListener("input", (event) => { if (!event.isComposing) this.look(); });
    this.input.addEventListener("compositionend", () => this.look());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
  }

  async look() {
    this.asked += 1;
    const turn = this.asked;
    const text = this.input.value.trim();
    if (!text) {
      this.close();
      return;
    }
    await new Promise((done) => { setTimeout(done, PAUSE); });
    if (turn !== this.asked) return;
    const address = new URL(this.form.dataset.find, window.location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { headers: { "X-Partial": this.list.id } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (turn === this.asked) this.open([...page.querySelectorAll("[role=option]")]);
    } catch {
      this.close();
    }
  }

  open(lines) {
    if (document.activeElement !== this.input) return;
    lines.forEach((line, index) => { line.id = `${this.list.id}-${index}`; });
    this.list.replaceChildren(...lines);
    this.list.hidden = !lines.length;
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.status.textContent = lines.length ? say("matches", { count: lines.length - 1 }) : say("noMatch");
  }

  key(event) {
    if (isComposing(event)) return;
    const isOpen = !this.list.hidden;
    const lines = this.list.children;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (isOpen) {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.mark(this.at < 0 && step < 0 ? lines.length - 1 : (this.at + step + lines.length) % lines.length);
      } else if (event.key === "ArrowDown") {
        const first = document.querySelector("[data-hits] a[data-hit]");
        if (!first) return;
        event.preventDefault();
        event.stopPropagation();
        first.focus();
      }
    } else if (event.key === "Enter" && isOpen && lines[this.at]) {
      event.preventDefault();
      this.go(lines[this.at]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  mark(index) {
    const lines = this.list.children;
    for (const line of lines) {
      line.classList.remove("at");
      line.setAttribute("aria-selected", "false");
    }
    this.at = index;
    lines[index].classList.add("at");
    lines[index].setAttribute("aria-selected", "true");
    lines[index].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", lines[index].id);
  }

  go(line) {
    if (line) window.location.assign(line.dataset.href);
  }

  close() {
    this.asked += 1;
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
  }
}
