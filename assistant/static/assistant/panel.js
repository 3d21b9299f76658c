// The page panel: opens pages beside the text, turns them with the arrow keys, zooms, gives the focus back. While it is
// open, a sentence that is pointed at or focused lights its proof in it.
import { headers, notice, texts } from "./core.js";

const panel = document.getElementById("panel");
let opener = null;
let zoom = 0;
let asked = 0;
let lit = null; // the number whose proof is shown
let pointing = 0;
const DWELL_MS = 200;
const STEPS = [1, 1.25, 1.5, 2, 2.5, 3, 4];

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-panel]");
  if (link && panel && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const url = link.getAttribute("href") ?? link.dataset.panel;
    if (url) open(url, link);
  }
  if (event.target.closest("[data-close-panel]")) close();
  const zoomer = event.target.closest("[data-zoom]");
  if (zoomer) enlarge(Number(zoomer.dataset.zoom));
});

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const shown = document.querySelector(".panel");
  if (!shown || event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && panel) close();
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") turn(shown, event);
});

function turn(shown, event) {
  const viewport = shown.querySelector(".viewport");
  // While the image is wider than its frame the arrows move the image.
  if (event.target === viewport && viewport.scrollWidth > viewport.clientWidth) return;
  event.preventDefault();
  shown.querySelector(`[data-step=${event.key === "ArrowLeft" ? "previous" : "next"}]:not([aria-disabled])`)?.click();
}

async function open(url, link) {
  clearTimeout(pointing);
  const inside = panel.contains(link);
  if (!inside) opener = link;
  const step = link.dataset.step;
  if (!(await show(url, inside ? null : link))) return;
  const again = step && panel.querySelector(`[data-step=${step}]:not([aria-disabled])`);
  (again || panel.querySelector("#panel-title")).focus({ preventScroll: true });
}

// Puts a page into the panel; false where it could not be had, or another one was asked for meanwhile.
async function show(url, link) {
  const mine = ++asked;
  let html;
  try {
    const response = await fetch(url, { headers: headers({ "X-Panel": "1" }) });
    if (response.redirected) return window.location.reload();
    if (!response.ok) throw new Error(String(response.status));
    html = await response.text();
  } catch {
    return notice(`${texts.network} ${texts.network_hint}`, { error: true });
  }
  if (mine !== asked) return false;
  panel.innerHTML = html;
  document.body.classList.add("panel-open");
  mark(link);
  enlarge(0);
  reveal();
  return true;
}

// --- the proof of the sentence that is pointed at ---------------------------------------------------------------
for (const happening of ["pointerover", "focusin"]) {
  document.addEventListener(happening, (event) => {
    const sentence = event.target.closest?.(".sentence");
    if (!sentence || !document.body.classList.contains("panel-open") || event.pointerType === "touch") return;
    const chip = event.target.closest("[data-panel]") ?? sentence.querySelector("[data-panel]");
    if (!chip || (chip === lit && panel.querySelector("img[src*='citation=']"))) return;
    // Whoever only passes over a sentence on the way to another does not turn the page.
    clearTimeout(pointing);
    pointing = setTimeout(() => light(chip), DWELL_MS);
  });
}
document.addEventListener("pointerout", (event) => {
  if (event.target.closest?.(".sentence") && !event.relatedTarget?.closest?.(".sentence")) clearTimeout(pointing);
});

function light(chip) {
  if (chip.isConnected && document.body.classList.contains("panel-open")) show(chip.dataset.panel, chip);
}

// The proving passage comes into view: on a tall page it would stay below the frame.
function reveal() {
  const image = document.querySelector(".panel .viewport img[data-top]");
  if (!image) return;
  const viewport = image.closest(".viewport");
  viewport.scrollTop = (image.clientHeight * Number(image.dataset.top)) / 100 - viewport.clientHeight / 3;
}

// Says which number's proof is shown, on the number and on its sentence. Another page of the same document keeps it.
function mark(link) {
  if (link) lit = link;
  for (const chip of document.querySelectorAll("[data-panel][aria-pressed]")) chip.setAttribute("aria-pressed", String(chip === lit));
  for (const sentence of document.querySelectorAll(".sentence")) sentence.classList.toggle("lit", sentence.contains(lit));
}

function close() {
  if (!document.body.classList.contains("panel-open")) return;
  document.body.classList.remove("panel-open");
  panel.replaceChildren();
  asked += 1;
  lit = null;
  mark();
  if (opener?.isConnected) opener.focus();
  opener = null;
}

function enlarge(change) {
  const image = document.querySelector(".panel .viewport img");
  if (!image) return;
  zoom = Math.min(STEPS.length - 1, Math.max(0, zoom + change));
  image.style.width = `${STEPS[zoom] * 100}%`;
  if (STEPS[zoom] > 1) image.style.maxWidth = "none";
  else image.style.removeProperty("max-width");
}

document.addEventListener("error", (event) => {
  if (!event.target.matches?.(".panel .viewport img")) return;
  event.target.hidden = true;
  event.target.nextElementSibling.hidden = false;
  document.querySelector(".panel footer details").open = true;
}, true);

reveal(); // a page of its own has no panel to open
