// Large files in pieces, by the tus protocol: a connection that breaks costs a piece, and what has arrived is gone on
// with by itself, also after the page was closed and opened again.
import { headers } from "./core.js";
import { forget, keep, kept } from "./kept.js";

const LARGEST = 4 * 1024 * 1024;
const SMALLEST = 256 * 1024;
const PAUSES = [1, 2, 5, 10, 20];
const TUS = { "Tus-Resumable": "1.0.0" };

// What passes by itself: another piece is being stored, a server or proxy is away, a disk is full.
const PASSING = [0, 409, 423, 502, 503, 504, 507];
// The file was not taken, and its outcome says why.
const OVER = [413, 422];

export const unfinished = kept;

// Resolves to {status, text}: what the ordinary upload would have answered; to null where nothing of it is left.
// `on.sent(bytes)` and `on.waiting(text)` tell how it goes, `on.signal` ends it. Throws {status, text, retry}.
export async function sendInPieces(job, on) {
  const key = [job.begin, job.path || job.file.name, job.file.size, job.file.lastModified].join("\n");
  let url = job.place ?? (await kept()).find((one) => one.key === key)?.url;
  let failures = 0;
  let size = LARGEST;
  while (!on.signal.aborted) {
    try {
      url = url && (await arrived(url)) === null ? null : url;
      // What is gone, or another person's, is sent again only by whoever chooses it.
      if (!url && job.resumed) break;
      if (!url) {
        url = await begin(job);
        keep({ key, file: job.file, path: job.path, begin: job.begin, url });
      }
      await sendRest(url, job.file, size, on, () => (failures = 0));
      return await outcome(url, key);
    } catch (error) {
      if (url && OVER.includes(error.status)) return outcome(url, key);
      if (!PASSING.includes(error.status)) throw error;
      size = Math.max(SMALLEST, size / 2);
      on.waiting(error.text);
      if (!on.signal.aborted) await pause(PAUSES[Math.min(failures, PAUSES.length - 1)], on.signal);
      failures += 1;
    }
  }
  forget(key);
  if (url) await ask(url, "DELETE").catch(() => {});
  return null;
}

// A last piece of no bytes, where all has arrived, has the server take in what it could not take in before.
async function sendRest(url, file, size, on, stored) {
  let offset = await arrived(url);
  do {
    on.sent(offset);
    offset = await put(url, file.slice(offset, offset + size), offset, on);
    stored();
  } while (offset < file.size);
}

async function begin(job) {
  const said = Object.entries({ filename: job.file.name, path: job.path }).filter(([, value]) => value);
  const metadata = said.map(([name, value]) => `${name} ${base64(value)}`).join(",");
  const response = await ask(job.begin, "POST", { "Upload-Length": String(job.file.size), "Upload-Metadata": metadata });
  return response.headers.get("Location");
}

async function arrived(url) {
  const response = await ask(url, "HEAD", {}, [404]);
  return response.status === 404 ? null : Number(response.headers.get("Upload-Offset"));
}

async function outcome(url, key) {
  const response = await ask(url, "GET");
  forget(key);
  const { outcome: found } = await response.json();
  if (!found) return { status: 0, text: "" };
  return { status: found.status, text: JSON.stringify(found.error ? { error: found.error } : found.archive ?? found.document) };
}

async function ask(url, method, more = {}, fine = []) {
  const response = await fetch(url, { method, headers: headers({ ...TUS, ...more }) }).catch(() => null);
  if (response?.ok || fine.includes(response?.status)) return response;
  throw { status: response?.status ?? 0, text: await response?.text(), retry: Number(response?.headers.get("Retry-After")) };
}

// XMLHttpRequest, because fetch does not tell how much of the body has been sent.
function put(url, part, offset, on) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PATCH", url);
    const sent = { ...TUS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    for (const [name, value] of Object.entries(headers(sent))) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => on.sent(offset + event.loaded));
    request.addEventListener("loadend", () => {
      if (request.status === 204) resolve(Number(request.getResponseHeader("Upload-Offset")));
      else reject({ status: request.status, text: request.responseText });
    });
    on.signal.addEventListener("abort", () => request.abort());
    request.send(part);
  });
}

// As long as said, or until the browser sees a network again, or it is over.
function pause(seconds, signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, 1000 * seconds);
    window.addEventListener("online", resolve, { once: true });
    signal.addEventListener("abort", resolve, { once: true });
  });
}

function base64(text) {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
