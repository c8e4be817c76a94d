// Menus and confirmations are <details>: Escape and a click elsewhere close them, opening one puts the cursor into it.
const FLOATING = "details.drop[open], details.confirm:not(.inline)[open]";

function isFloating(details) {
  return !details.querySelector("[data-errors], .is-invalid");
}

export function start() {
  document.addEventListener("click", (event) => {
    document.querySelectorAll(FLOATING).forEach((details) => {
      if (!details.contains(event.target) && isFloating(details)) details.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    const details = event.target.closest ? event.target.closest(FLOATING) : null;
    if (!details) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches("details.confirm") || !event.target.open) return;
    const first = event.target.querySelector("textarea, input:not([type=hidden]), select");
    if (first && event.target.contains(document.activeElement)) first.focus();
  }, true);
}
