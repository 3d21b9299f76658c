// Documents chosen in a library's list: kept while the list is refreshed, counted, and all of a page at once.
import { say } from "./core.js";

const chosen = new Set();

function boxes() {
  return [...document.querySelectorAll("#documents input[name=document]")];
}

function show() {
  const all = boxes();
  for (const box of all) box.checked = chosen.has(box.value);
  const here = all.filter((box) => box.checked).length;
  const whole = document.querySelector("[data-choose-all]");
  if (whole) {
    whole.closest("label").hidden = false;
    whole.checked = here > 0 && here === all.length;
    whole.indeterminate = here > 0 && here < all.length;
  }
  const form = document.getElementById("change");
  if (form) form.hidden = !all.length; // the first document may come while the page is open
  const count = document.getElementById("chosen");
  if (count) count.textContent = here ? ` (${say("chosen", { count: here })})` : "";
}

function choose(box, yes) {
  if (yes) chosen.add(box.value);
  else chosen.delete(box.value);
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-choose-all]")) for (const box of boxes()) choose(box, target.checked);
  else if (target.matches("#documents input[name=document]")) choose(target, target.checked);
  else return;
  show();
});

// Whoever types a value means it: its box is ticked, and can be unticked.
document.getElementById("bulk")?.addEventListener("input", ({ target }) => {
  const box = document.querySelector(`#bulk input[name="set_${target.name}"]`);
  if (box) box.checked = true;
});

// The list is asked for again while something is under way.
document.addEventListener("htmx:afterSwap", show);
show();
