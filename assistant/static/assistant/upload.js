// Uploads by button or by dropping: one bar per file, two at a time, each with what to do when it fails. Of a ZIP
// archive each file becomes a document; what does not is listed with its reason. Large files are sent in pieces.
import { headers, icon, say, texts } from "./core.js";
import { filesIn, isDocument } from "./folder.js";
import { sendInPieces, unfinished } from "./pieces.js";

const AT_ONCE = 2;
// So many names are shown without being asked for.
const FEW = 5;
// From here on, sending a file anew costs more than the few requests more.
const LARGE = 8 * 1024 * 1024;
const waiting = [];
let going = 0;

const drop = document.getElementById("drop");
if (drop) {
  document.getElementById("files").addEventListener("change", (event) => take(event.target, "POST"));
  document.getElementById("folder").addEventListener("change", (event) => takeFolder(event.target));
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => over(event, true));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (event) => over(event, false));
  drop.addEventListener("drop", (event) => dropped(event.dataTransfer));
  resume(drop.dataset.pieces, "POST");
}
const revised = document.querySelector("[data-replace]")?.dataset.replace;
if (revised) resume(piecesOf(revised), "PUT", revised);
// A file dropped beside the area must not replace the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-replace]")) take(event.target, "PUT", event.target.dataset.replace);
});

function over(event, yes) {
  event.preventDefault();
  drop.classList.toggle("over", yes);
}

// What was on its way when the page was closed goes on.
async function resume(begin, method, url) {
  for (const { file, path, begin: begun, url: place } of await unfinished()) {
    if (begun === begin) queue({ file, path, begin, method, url: url ?? addressFor(file), place, resumed: true });
  }
}

function piecesOf(url) {
  return url.replace(/file$/, "uploads");
}

async function dropped(transfer) {
  // What is dragged can be asked only now; what lies in folders comes by and by.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  for (const entry of entries) {
    let found = 0;
    for await (const { file, path } of filesIn(entry)) {
      enqueue(file, "POST", addressFor(file), path);
      found += 1;
    }
    if (!found) tell(row(entry.name), texts.folder_empty, "bad");
  }
}

function takeFolder(input) {
  const found = [...input.files].filter((file) => isDocument(file.webkitRelativePath));
  for (const file of found) enqueue(file, "POST", addressFor(file), file.webkitRelativePath);
  if (!found.length) tell(row(""), texts.folder_empty, "bad");
  input.value = "";
}

function take(input, method, url) {
  for (const file of input.files) enqueue(file, method, url);
  input.value = "";
}

function enqueue(file, method, url = addressFor(file), path = "") {
  queue({ file, method, url, path, begin: method === "POST" ? drop.dataset.pieces : piecesOf(url) });
}

function queue(job) {
  job.line = row(job.path || job.file.name);
  tell(job.line, texts.waiting);
  waiting.push(job);
  next();
}

function addressFor(file) {
  return /\.zip$/i.test(file.name) ? drop.dataset.archives : drop.dataset.upload;
}

function next() {
  while (going < AT_ONCE && waiting.length) {
    going += 1;
    transfer(waiting.shift());
  }
}

function transfer(job) {
  if (job.file.size >= LARGE) piecewise(job);
  else atOnce(job);
}

async function piecewise(job) {
  const stop = stopButton(job);
  const on = {
    signal: stop.signal,
    sent: (bytes) => sent(job, bytes, job.file.size),
    waiting: (text) => tell(job.line, errorIn(text)?.message ?? texts.upload_waits),
  };
  const answer = await sendInPieces(job, on).catch((error) => error);
  stop.button.remove();
  if (answer) ended(job, answer.status ?? 0, answer.text ?? "", answer.retry);
  else gone(job);
}

function stopButton(job) {
  const stopping = new AbortController();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon";
  button.title = texts.upload_stop;
  button.setAttribute("aria-label", `${texts.upload_stop}: ${job.file.name}`);
  button.append(icon("stop"));
  button.addEventListener("click", () => stopping.abort());
  job.line.querySelector("strong").after(button);
  return { button, signal: stopping.signal };
}

function gone(job) {
  going -= 1;
  job.line.remove();
  next();
}

function sent(job, loaded, total) {
  const bar = job.line.querySelector("progress");
  bar.max = total;
  bar.value = loaded;
  tell(job.line, say("sending", { percent: Math.floor((100 * loaded) / total) }));
}

function atOnce(job) {
  // XMLHttpRequest, because fetch does not tell how much of the body has been sent.
  const request = new XMLHttpRequest();
  request.open(job.method, job.url);
  for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", (event) => sent(job, event.loaded, event.total));
  request.upload.addEventListener("load", () => {
    if (job.url === drop?.dataset.archives) tell(job.line, texts.unpacking);
  });
  request.addEventListener("loadend", () =>
    ended(job, request.status, request.responseText, Number(request.getResponseHeader("Retry-After"))),
  );
  const body = new FormData();
  body.append("file", job.file);
  if (job.path) body.append("path", job.path);
  request.send(body);
}

function ended(job, status, text, retry = 0) {
  going -= 1;
  next();
  if (status === 429) return later(job, retry || 60);
  job.line.querySelector("progress").hidden = true;
  if (job.url === drop?.dataset.archives && status >= 200 && status < 300) unpacked(job, JSON.parse(text));
  else if (status === 202) good(job, texts.stored);
  else if (status === 200) good(job, texts.stored_before);
  else bad(job, status, text);
  document.body.dispatchEvent(new CustomEvent("documents-changed"));
}

function later(job, seconds) {
  // A folder may hold more files than are taken in a minute: the rest waits, and none is lost.
  tell(job.line, say("upload_later", { seconds }));
  setTimeout(() => {
    waiting.push(job);
    next();
  }, 1000 * seconds);
}

function good(job, text) {
  tell(job.line, text, "good");
  setTimeout(() => job.line.remove(), 6000);
}

function unpacked(job, { documents, refused }) {
  const fresh = documents.filter((one) => !one.existed).length;
  const counts = { fresh, before: documents.length - fresh, refused: refused.length };
  const text = say("unpacked", counts);
  if (!refused.length) return good(job, text);
  tell(job.line, text, "bad");
  for (const [why, names] of byReason(refused)) job.line.append(notTaken(why, names));
}

function byReason(refused) {
  const found = new Map();
  for (const { name, message, hint } of refused) {
    const why = `${message} ${hint}`;
    found.set(why, [...(found.get(why) ?? []), name]);
  }
  return found;
}

function notTaken(why, names) {
  const part = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = `${say("not_taken", { count: names.length })} ${why}`;
  const list = document.createElement("ul");
  for (const name of names) list.append(Object.assign(document.createElement("li"), { textContent: name }));
  part.open = names.length <= FEW;
  part.append(summary, list);
  return part;
}

function bad(job, status, text) {
  const unknown = { message: status ? say("unexpected", { status }) : texts.network, hint: texts.network_hint };
  const error = errorIn(text) ?? unknown;
  tell(job.line, `${texts.upload_failed}: ${error.message} ${error.hint}`, "bad");
  const again = document.createElement("button");
  again.type = "button";
  again.append(icon("again"), texts.retry);
  again.addEventListener("click", () => {
    job.line.remove();
    enqueue(job.file, job.method, job.url, job.path);
  });
  job.line.querySelector("strong").after(again);
}

function errorIn(text) {
  try {
    return JSON.parse(text).error;
  } catch { // not JSON: a proxy answered, or nobody
    return null;
  }
}

function row(name) {
  const line = document.createElement("li");
  const title = document.createElement("strong");
  title.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  const said = document.createElement("p");
  said.className = "said";
  line.append(title, bar, said);
  document.getElementById("uploads").append(line);
  return line;
}

function tell(line, text, tone = "") {
  line.className = tone;
  line.querySelector(".said").textContent = text;
}
