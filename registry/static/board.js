// The board: a card is dragged, or taken up with the keyboard, to a later stage. Nothing is saved here: the form of that
// stage opens, as the link on the card does without this script.
import { icon, make } from "./page.js";

const board = document.querySelector("[data-board]");
const said = document.getElementById("board-said");
let card = null;
let target = "";

if (board) {
  for (const one of board.querySelectorAll("[data-card]")) prepare(one);
  board.addEventListener("dragover", over);
  board.addEventListener("drop", drop);
}

function prepare(one) {
  one.draggable = true;
  one.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", one.dataset.card);
    take(one);
  });
  one.addEventListener("dragend", putDown);
  const name = one.querySelector(".board-name").textContent;
  const handle = make("button", { type: "button", class: "board-handle", "aria-pressed": "false" });
  handle.append(icon("arrow-down-up"), board.dataset.handle, make("span", { class: "visually-hidden" }, ` ${name}`));
  handle.addEventListener("click", () => (card === one ? putBack() : grab(one)));
  handle.addEventListener("keydown", (event) => key(event, one));
  handle.addEventListener("blur", () => handle.getAttribute("aria-pressed") === "true" && putDown());
  one.append(handle);
}

function stagesOf(one) {
  return one.dataset.to.split(" ");
}

function column(stage) {
  return board.querySelector(`[data-stage="${stage}"]`);
}

function take(one) {
  putDown();
  card = one;
  for (const stage of stagesOf(one)) column(stage).classList.add("can-take");
}

function grab(one) {
  take(one);
  one.querySelector(".board-handle").setAttribute("aria-pressed", "true");
  said.textContent = board.dataset.taken;
  aim(stagesOf(one)[0], false);
}

function putDown() {
  if (card) card.querySelector(".board-handle").setAttribute("aria-pressed", "false");
  for (const one of board.querySelectorAll(".can-take, .aimed")) one.classList.remove("can-take", "aimed");
  card = null;
  target = "";
}

function putBack() {
  putDown();
  said.textContent = board.dataset.putBack;
}

function aim(stage, aloud) {
  if (target) column(target).classList.remove("aimed");
  target = stage;
  column(stage).classList.add("aimed");
  column(stage).scrollIntoView({ block: "nearest", inline: "nearest" });
  if (aloud) said.textContent = board.dataset.target.replace("{stage}", column(stage).dataset.name);
}

function key(event, one) {
  if (card !== one) return;
  const stages = stagesOf(one);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = Math.min(Math.max(stages.indexOf(target) + step, 0), stages.length - 1);
    aim(stages[next], true);
  } else if (event.key === "Enter") open(one, target);
  else if (event.key === "Escape") putBack();
  else return;
  event.preventDefault();
}

function over(event) {
  const here = event.target.closest("[data-stage]");
  if (!card || !here || !here.matches(".can-take")) return;
  event.preventDefault();
  if (target !== here.dataset.stage) aim(here.dataset.stage, false);
}

function drop(event) {
  const here = event.target.closest("[data-stage]");
  if (!card || !here || !here.matches(".can-take")) return;
  event.preventDefault();
  open(card, here.dataset.stage);
}

function open(one, stage) {
  window.location.assign(`${one.dataset.card}?to=${stage}#advance`);
}
