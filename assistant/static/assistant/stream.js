// One question to the HTTP API, answered as server-sent events over fetch (EventSource cannot POST).
import { errorOf, headers } from "./core.js";

// Yields {event, data} in order. Lines may be split anywhere between network chunks.
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value.replaceAll("\r\n", "\n");
    let end;
    while ((end = rest.indexOf("\n\n")) >= 0) {
      const parsed = frame(rest.slice(0, end));
      rest = rest.slice(end + 2);
      if (parsed) yield parsed;
    }
  }
}

function frame(text) {
  let event = "message";
  const data = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length ? { event, data: JSON.parse(data.join("\n")) } : null;
}

// Throws {code, message, hint} for an answer that is not a stream.
export async function* ask(question, signal) {
  const response = await fetch("/api/v1/ask", {
    method: "POST",
    headers: headers({ "Content-Type": "application/json", Accept: "text/event-stream" }),
    body: JSON.stringify({ ...question, stream: true }),
    signal,
  });
  if (!response.ok || !response.body) throw await errorOf(response);
  yield* events(response.body);
}
