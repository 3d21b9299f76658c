// The conversation: composer, streaming, stop, regenerate, copy, feedback, why a sentence is not proved.
import { headers, icon, notice, say, texts } from "./core.js";
import { chosenFilter, clearFilter } from "./filter.js";
import { ask } from "./stream.js";

const scroll = document.getElementById("scroll");
const turns = document.getElementById("turns");
const form = document.getElementById("composer");
const box = document.getElementById("question");
const send = document.getElementById("send");
const stop = document.getElementById("stop");
const live = document.getElementById("live");
let running = null;

// --- composer -------------------------------------------------------------------------------------------------
function fit() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
  send.disabled = !box.value.trim();
}
box.addEventListener("input", fit);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  // Enter that ends an IME conversion is not "send". Some browsers say so only by keyCode 229.
  if (event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (!send.disabled && !running) form.requestSubmit();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value.trim();
  if (question && !running) start({ question });
});
stop.addEventListener("click", () => running?.abort());

function put(text) {
  box.value = text;
  fit();
  box.focus();
}

// --- one turn -------------------------------------------------------------------------------------------------
function chosenLibraries() {
  return [...form.querySelectorAll("input[name=library]:checked")].map((input) => input.value);
}

function conversation() {
  return turns.dataset.conversation || null;
}

async function start({ question, regenerate = null, turn = null }) {
  document.getElementById("welcome")?.remove();
  turn ??= newTurn(question);
  const draft = freshAnswer(turn);
  if (!regenerate) put("");
  running = new AbortController();
  busy(true);
  const known = { conversation: conversation(), message: null, text: "" };
  try {
    const sent = { question, conversation: conversation(), libraries: chosenLibraries(), ...chosenFilter(), regenerate };
    const body = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null && value.length !== 0));
    for await (const { event, data } of ask(body, running.signal)) heard(event, data, draft, known);
    if (!known.ended) throw { message: texts.offline_answer, hint: texts.network_hint };
    await settle(turn, known);
  } catch (error) {
    if (running.signal.aborted) await stopped(turn, known);
    else failed(turn, error.message && error.hint ? error : { message: texts.network, hint: texts.network_hint }, question, known);
  } finally {
    running = null;
    busy(false);
    refreshHistory();
  }
}

function heard(event, data, draft, known) {
  if (data.conversation) known.conversation = data.conversation;
  known.message = data.message_id ?? (event === "error" ? known.message : data.message ?? known.message);
  if (event === "waiting") {
    const standing = data.seconds === null ? say("in_line", data) : say("in_line_for", data);
    if (!known.waited) live.textContent = standing; // read out once, not at each change
    known.waited = true;
    step(draft, standing);
  } else if (event === "passages") {
    step(draft, say("reading", { count: data.passages.length }));
  } else if (event === "token") {
    known.text += data.text;
    // Where only proved sentences are shown, nothing comes as one is begun, and all of it once it is proved.
    step(draft, data.text ? "" : texts.proving);
    draft.querySelector(".draft").textContent = known.text;
    follow();
  } else if (event === "done") {
    known.ended = true;
    step(draft, texts.checking);
  } else if (event === "error") {
    throw data;
  }
}

function newTurn(question) {
  const turn = document.createElement("article");
  turn.className = "turn";
  const asked = document.createElement("p");
  asked.className = "question";
  asked.textContent = question;
  turn.append(asked);
  turns.append(turn);
  return turn;
}

function freshAnswer(turn) {
  turn.querySelector(".answer")?.remove();
  const answer = document.createElement("div");
  answer.className = "answer";
  answer.innerHTML = '<p class="step"></p><div class="answer-text draft"></div>';
  turn.append(answer);
  step(answer, texts.searching);
  live.textContent = texts.searching;
  scroll.scrollTop = scroll.scrollHeight;
  return answer;
}

function step(answer, text) {
  const line = answer.querySelector(".step");
  line.textContent = text;
  line.hidden = !text;
}

// Follows the text only while the reader is at the end: never pulls them away from what they read.
function follow() {
  if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120) scroll.scrollTop = scroll.scrollHeight;
}

function busy(yes) {
  stop.hidden = !yes;
  send.hidden = yes;
  turns.setAttribute("aria-busy", String(yes));
  fit();
}

async function part(url) {
  const response = await fetch(url, { headers: headers({ "HX-Request": "true" }) });
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}

// Swaps the draft for the server's rendering: verdicts, citations, sanitised Markdown.
async function settle(turn, known) {
  if (!known.message) return;
  const html = await part(`/messages/${known.message}/`);
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const answer = holder.content.firstElementChild;
  turn.querySelector(".answer").replaceWith(answer);
  window.htmx.process(answer);
  live.textContent = answer.querySelector(".spoken")?.textContent ?? "";
  adopt(known.conversation);
  follow();
}

function adopt(id) {
  if (!id || id === turns.dataset.conversation) return;
  turns.dataset.conversation = id;
  window.history.replaceState(null, "", `/c/${id}/`);
}

async function stopped(turn, known) {
  notice(texts.stopped);
  adopt(known.conversation);
  if (!known.message) return turn.querySelector(".answer").replaceChildren(paragraph(texts.stopped, "muted"));
  // The server saves what was written once it notices that nobody listens any more.
  for (const pause of [150, 400, 1000, 2500]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      await settle(turn, known);
      if (!turn.querySelector('[data-state="streaming"]')) return;
    } catch { /* not saved yet */ }
  }
}

function failed(turn, error, question, known) {
  adopt(known.conversation);
  const answer = turn.querySelector(".answer");
  const block = document.createElement("div");
  block.className = "failure";
  block.setAttribute("role", "alert");
  block.append(paragraph(error.message, "strong"), paragraph(error.hint, "muted"));
  const again = document.createElement("button");
  again.type = "button";
  again.append(icon("again"), texts.retry);
  again.addEventListener("click", () => {
    const same = known.message ? { regenerate: known.message, turn } : {};
    if (!known.message) turn.remove();
    start({ question, ...same });
  });
  block.append(again);
  if (error.request_id) block.append(paragraph(`${error.code} · ${error.request_id}`, "muted small"));
  answer.replaceChildren(block);
  if (!box.value && !known.message) put(question);
}

function paragraph(text, className) {
  const line = document.createElement("p");
  line.className = className;
  line.textContent = text;
  return line;
}

async function refreshHistory() {
  const search = encodeURIComponent(document.getElementById("find-history").value);
  try {
    const list = await part(`/history/?here=${conversation() ?? ""}&q=${search}`);
    // Whoever is giving a conversation another title keeps what they typed; the list comes with the title.
    if (document.querySelector("#history-list form")) return;
    document.getElementById("history-list").outerHTML = list;
    window.htmx.process(document.getElementById("history-list"));
  } catch {
    return; // the list is refreshed with the next answer
  }
  const here = document.querySelector("#history-list .here a");
  if (here) document.title = `${here.title} · Tenkyo`;
}

// --- what can be done with an answer ----------------------------------------------------------------------------
turns.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.why) return why(button);
  if ("copy" in button.dataset) return copy(button);
  if (button.dataset.regenerate && !running) {
    const turn = button.closest(".turn");
    if ("unfiltered" in button.dataset) clearFilter();
    start({ question: turn.querySelector(".question").textContent, regenerate: button.dataset.regenerate, turn });
  }
});

function why(button) {
  const reasons = document.getElementById(button.dataset.why);
  reasons.hidden = !reasons.hidden;
  button.setAttribute("aria-expanded", String(!reasons.hidden));
}

async function copy(button) {
  const text = button.closest(".answer").querySelector("template.plain").content.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
    notice(texts.copied);
  } catch {
    notice(copiedOldWay(text) ? texts.copied : texts.copy_failed, { error: false });
  }
}

// Plain http on an intranet has no clipboard API.
function copiedOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

document.addEventListener("click", (event) => {
  const example = event.target.closest("[data-example]");
  if (example) put(example.dataset.example);
  if (event.target.closest("[data-history]")) document.body.classList.toggle("history-open");
  else if (!event.target.closest(".history")) document.body.classList.remove("history-open");
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.body.classList.remove("history-open");
});

fit();
scroll.scrollTop = scroll.scrollHeight;
