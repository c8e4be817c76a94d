// A searching list over a <select>: finds by text, pinyin and initials (dbdx → 东北大学). The select stays the field
// that is sent. With data-source the options come from the server while somebody types.
import { icon, isComposing, make, say } from "./page.js";

const PAUSE = 200;
const MOST = 60;

export function start(root) {
  root.querySelectorAll("select[data-combobox]").forEach((select) => {
    if (!select.closest(".combo")) new Combobox(select);
  });
}

function plain(text) {
  return (text || "").normalize("NFKC").toLowerCase().replace(/[\s'’·.-]/g, "");
}

function isSubsequence(short, long) {
  let at = 0;
  for (const character of long) if (character === short[at]) at += 1;
  return at === short.length;
}

// Lower is better; -1 means no match.
export function rank(entry, wish) {
  if (!wish) return 0;
  const name = plain(entry.name);
  if (name.startsWith(wish) || entry.initials === wish) return 0;
  if (plain(entry.hint) === wish || entry.initials.startsWith(wish)) return 1;
  if (name.includes(wish) || entry.pinyin.startsWith(wish)) return 2;
  if (entry.pinyin.includes(wish) || entry.initials.includes(wish) || plain(entry.hint).includes(wish)) return 3;
  return wish.length > 1 && isSubsequence(wish, name) ? 4 : -1;
}

class Combobox {
  constructor(select) {
    this.select = select;
    this.source = select.dataset.source;
    this.entries = [...select.options].filter((option) => option.value).map(fromOption);
    this.shown = [];
    this.at = -1;
    this.asked = 0;
    this.build();
    this.listen();
    this.showChosen();
  }

  build() {
    const { select } = this;
    const id = select.id;
    const list = `${id}-list`;
    const box = make("div", { class: "combo" });
    this.input = make("input", {
      type: "text", id, class: "form-control", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list,
      placeholder: select.options[0] && !select.options[0].value ? select.options[0].text : "",
    });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    }
    this.input.classList.toggle("is-invalid", select.classList.contains("is-invalid"));
    this.input.required = select.required;
    this.input.disabled = select.disabled;
    this.button = make("button", { type: "button", class: "inside", tabindex: "-1", "aria-label": say("openList") }, icon("chevron-down"));
    this.list = make("ul", { id: list, class: "combo-list", role: "listbox", hidden: "" });
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    if (label) this.list.setAttribute("aria-label", label.textContent.replace("*", "").trim());
    this.status = make("span", { class: "visually-hidden", role: "status" });
    select.id = `${id}-value`;
    select.required = false;
    select.tabIndex = -1;
    select.setAttribute("aria-hidden", "true");
    select.before(box);
    box.append(make("div", { class: "with-button" }, this.input, this.button), select, this.list, this.status);
    this.box = box;
  }

  listen() {
    const { input } = this;
    input.addEventListener("input", (event) => { if (!event.isComposing) this.search(); });
    input.addEventListener("compositionend", () => this.search());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => { if (this.list.hidden) this.search(""); });
    input.addEventListener("blur", () => this.leave());
    this.button.addEventListener("mousedown", (event) => {
      event.preventDefault();
      input.focus();
      if (this.list.hidden) this.search(""); else this.close();
    });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const line = event.target.closest("[role=option]");
      if (line) this.choose(this.shown[Number(line.dataset.index)]);
    });
    this.select.addEventListener("change", () => { if (!this.choosing) this.showChosen(); });
  }

  key(event) {
    if (isComposing(event)) return;
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) this.move(event.key === "ArrowDown" ? 1 : -1); else this.search("");
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      if (this.shown[this.at]) this.choose(this.shown[this.at]); else this.close();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.showChosen();
      this.close();
    } else if (event.key === "Tab" && isOpen && this.input.value && this.shown[this.at] && this.searched) {
      this.choose(this.shown[this.at]);
    }
  }

  async search(text = this.input.value) {
    const wish = plain(text);
    this.searched = Boolean(wish);
    if (this.source) {
      const found = await this.ask(text.trim());
      if (found) this.open(found, wish);
      return;
    }
    const ranked = this.entries.map((entry) => [rank(entry, wish), entry]).filter(([order]) => order >= 0);
    ranked.sort((one, other) => one[0] - other[0]);
    this.open(ranked.map(([, entry]) => entry), wish);
  }

  async ask(text) {
    this.asked += 1;
    const turn = this.asked;
    await new Promise((done) => { setTimeout(done, text ? PAUSE : 0); });
    if (turn !== this.asked) return null;
    const address = new URL(this.source, window.location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      return turn === this.asked ? found.map(fromAnswer) : null;
    } catch {
      this.say(say("searchFailed"));
      return null;
    }
  }

  open(entries, wish) {
    if (document.activeElement !== this.input) return;
    this.shown = entries.slice(0, MOST);
    this.list.replaceChildren(...this.shown.map((entry, index) => this.line(entry, index)));
    this.list.hidden = !this.shown.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.at = -1;
    this.say(this.shown.length ? say("matches", { count: entries.length }) : say("noMatch"));
    const chosen = this.shown.findIndex((entry) => entry.id === this.select.value);
    if (this.shown.length) this.mark(wish ? 0 : Math.max(chosen, 0));
  }

  say(text) {
    this.status.textContent = text;
    this.status.className = this.list.hidden && text !== "" ? "combo-none combo-list" : "visually-hidden";
  }

  line(entry, index) {
    const line = make("li", {
      role: "option", id: `${this.list.id}-${index}`, "data-index": index, "aria-selected": String(entry.id === this.select.value),
    }, entry.name);
    if (entry.hint) line.append(make("span", { class: "hint" }, entry.hint));
    return line;
  }

  move(by) {
    const count = this.shown.length;
    this.mark((this.at + by + count) % count);
  }

  mark(index) {
    const lines = this.list.children;
    if (lines[this.at]) lines[this.at].classList.remove("at");
    this.at = index;
    lines[index].classList.add("at");
    lines[index].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", lines[index].id);
  }

  choose(entry) {
    if (![...this.select.options].some((option) => option.value === entry.id)) {
      this.select.add(new Option(entry.name, entry.id));
    }
    this.choosing = true;
    this.select.value = entry.id;
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.choosing = false;
    this.showChosen();
    this.close();
  }

  // What stands in the field must be an entry or nothing.
  leave() {
    this.asked += 1;
    const typed = plain(this.input.value);
    const exact = this.entries.find((entry) => plain(entry.name) === typed);
    if (!typed && this.select.value && this.select.querySelector('option[value=""]')) this.choose({ id: "", name: "" });
    else if (exact && exact.id !== this.select.value) this.choose(exact);
    this.showChosen();
    this.close();
  }

  showChosen() {
    const option = this.select.selectedOptions[0];
    this.input.value = option && option.value ? option.text : "";
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.say("");
  }
}

function fromOption(option) {
  const { hint = "", pinyin = "", initials = "" } = option.dataset;
  return { id: option.value, name: option.text, hint, pinyin: plain(pinyin), initials: plain(initials) };
}

function fromAnswer(row) {
  return { id: String(row.id), name: row.name, hint: row.hint || "", pinyin: "", initials: "" };
}
