// Files dropped beside the field that asks for them, and not only on its narrow button.
import { icon, make, say } from "./page.js";

export function start(root) {
  for (const input of root.querySelectorAll("form:not([data-attach]) input[type=file]")) {
    const field = input.closest(".field");
    if ("drop" in input.dataset) field.before(hint());
    onto("drop" in input.dataset ? input.form : field, (files) => {
      input.files = files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

export const hint = () => make("p", { class: "drop-here" }, icon("upload"), say("dropFiles"));

// `take` is given what is dropped on `place`.
export function onto(place, take) {
  place.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", (event) => {
    if (!place.contains(event.relatedTarget)) place.classList.remove("over");
  });
  place.addEventListener("drop", (event) => {
    place.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}
