// The page panel: opens pages beside the text, turns them with the arrow keys, zooms, gives the focus back.
import { headers, notice, texts } from "./core.js";

const panel = document.getElementById("panel");
let opener = null;
let zoom = 0;
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
  const inside = panel.contains(link);
  if (!inside) opener = link;
  const step = link.dataset.step;
  try {
    const response = await fetch(url, { headers: headers({ "X-Panel": "1" }) });
    if (response.redirected) return window.location.reload();
    if (!response.ok) throw new Error(String(response.status));
    panel.innerHTML = await response.text();
  } catch {
    return notice(`${texts.network} ${texts.network_hint}`, { error: true });
  }
  document.body.classList.add("panel-open");
  mark();
  enlarge(0);
  reveal();
  const again = step && panel.querySelector(`[data-step=${step}]:not([aria-disabled])`);
  (again || panel.querySelector("#panel-title")).focus({ preventScroll: true });
}

// The proving passage comes into view: on a tall page it would stay below the frame.
function reveal() {
  const image = document.querySelector(".panel .viewport img[data-top]");
  if (!image) return;
  const viewport = image.closest(".viewport");
  viewport.scrollTop = (image.clientHeight * Number(image.dataset.top)) / 100 - viewport.clientHeight / 3;
}

function mark() {
  for (const chip of document.querySelectorAll("[data-panel][aria-pressed]")) chip.setAttribute("aria-pressed", String(chip === opener));
}

function close() {
  if (!document.body.classList.contains("panel-open")) return;
  document.body.classList.remove("panel-open");
  panel.replaceChildren();
  opener?.setAttribute("aria-pressed", "false");
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
