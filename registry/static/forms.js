// Forms: the first error gets the focus, Enter goes to the next field, Ctrl+S saves, nothing is sent twice, and leaving
// a page asks first when something was typed.
import { isComposing, say } from "./page.js";

const FIELDS = "input:not([type=hidden]):not([readonly]):not(:disabled):not(.native-date), select:not([tabindex='-1']):not(:disabled), textarea:not(:disabled)";
const SENDING_FOR = 15000;
const changed = new Set();
let begun = false;

export function start(root) {
  if (!begun) begin();
  const errors = root.querySelector("[data-errors]");
  if (errors) {
    errors.focus({ preventScroll: true });
    errors.scrollIntoView({ block: "center" });
  }
  root.querySelectorAll("form[data-guard]").forEach((form) => {
    form.addEventListener("input", () => changed.add(form));
    form.addEventListener("keydown", (event) => enter(event, form));
  });
}

function begin() {
  begun = true;
  document.addEventListener("submit", submit);
  document.addEventListener("keydown", save);
  document.addEventListener("click", goToField);
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sending]").forEach(release);
  });
}

// The links of the error summary; browsers scroll to a field by themselves but do not put the cursor into it.
function goToField(event) {
  const link = event.target.closest("[data-errors] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  const control = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
  if (!control) return;
  event.preventDefault();
  control.focus();
  control.scrollIntoView({ block: "center" });
}

function submit(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  changed.delete(form);
  form.dataset.sending = "yes";
  form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-disabled", "true"));
  const state = form.querySelector("[data-state]");
  if (state) state.textContent = say("sending");
  setTimeout(() => release(form), SENDING_FOR);
}

function release(form) {
  delete form.dataset.sending;
  form.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}

function enter(event, form) {
  const field = event.target;
  const isPlainEnter = event.key === "Enter" && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.metaKey;
  if (!isPlainEnter || isComposing(event) || event.defaultPrevented || !field.matches(FIELDS) || field.matches("textarea")) return;
  if (field.matches("[type=password]")) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll(FIELDS)].filter((one) => one.offsetParent);
  const next = fields[fields.indexOf(field) + 1] || form.querySelector("[data-submit], button:not([type=button])");
  if (next) next.focus();
}

function save(event) {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || event.altKey || event.shiftKey) return;
  const forms = document.querySelectorAll("form[data-guard]:not(.confirm-panel)");
  const form = event.target.closest("form[data-guard]") || (forms.length === 1 ? forms[0] : null);
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-submit]") || undefined);
}
