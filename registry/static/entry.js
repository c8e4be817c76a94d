// Keeps the paper beside the sheet in step with what is typed. Without it the button "Preview" does the same.
const PAUSE = 600;

function watch(part) {
  const form = document.getElementById(part.dataset.form);
  if (!form) return;
  let timer = 0;
  let turn = 0;

  async function refresh() {
    turn += 1;
    const mine = turn;
    const body = new FormData(form);
    body.delete("nonce");
    try {
      const answer = await fetch(part.dataset.preview, { method: "POST", body, headers: { "X-Partial": part.id } });
      if (!answer.ok || answer.redirected || mine !== turn) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      show(part, page.body);
    } catch {
      // The line is down: the paper stays as it was, and the form tells when it is saved.
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
}

// What the reader had opened and where they had scrolled to stays.
function show(part, fresh) {
  const box = part.querySelector(".paper-box");
  const top = box ? box.scrollTop : 0;
  const isOpen = Boolean(part.querySelector(".unmet[open]"));
  part.replaceChildren(...fresh.childNodes);
  const list = part.querySelector(".unmet");
  if (list) list.open = isOpen;
  const after = part.querySelector(".paper-box");
  if (after) after.scrollTop = top;
}

document.querySelectorAll("[data-preview]").forEach(watch);
