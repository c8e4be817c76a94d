// A calendar beside a date's text field. The field stays text: a bare date input follows the browser's language.
import { icon, make, say } from "./page.js";

const WRITTEN = /^\s*(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?\s*$/;

export function start(root) {
  root.querySelectorAll("input[data-date]").forEach((field) => {
    if (!field.parentElement.querySelector(".native-date")) addCalendar(field);
  });
}

function asISO(text) {
  const found = WRITTEN.exec(text.normalize("NFKC"));
  return found ? `${found[1]}-${found[2].padStart(2, "0")}-${found[3].padStart(2, "0")}` : "";
}

function addCalendar(field) {
  const native = make("input", { type: "date", class: "native-date", tabindex: "-1", "aria-hidden": "true" });
  const button = make("button", { type: "button", class: "inside", "aria-label": say("calendar") }, icon("calendar3"));
  button.addEventListener("click", () => {
    native.value = asISO(field.value);
    if (native.showPicker) native.showPicker(); else native.focus();
  });
  native.addEventListener("change", () => {
    field.value = native.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  field.after(button, native);
}
