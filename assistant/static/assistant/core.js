// What every script shares: texts in the page's language, the CSRF token, notices, the confirm dialog.
export const texts = JSON.parse(document.getElementById("texts").textContent);

export function say(name, values = {}) {
  return texts[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

export function headers(more = {}) {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  return { "X-CSRFToken": token, "Accept-Language": document.documentElement.lang, ...more };
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.classList.add("glyph");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(svg.namespaceURI, "use");
  use.setAttribute("href", `${new URL("icons.svg", import.meta.url).pathname}#${name}`);
  svg.append(use);
  return svg;
}

export function notice(text, { error = false } = {}) {
  const box = document.createElement("div");
  box.className = error ? "notice error" : "notice";
  const line = document.createElement("p");
  line.textContent = text;
  box.append(line);
  document.getElementById("notices").append(box);
  setTimeout(() => box.remove(), error ? 12000 : 5000);
}

// Asks in our own dialog. Resolves to true only for the "yes" button; Escape and closing mean no.
export function confirmed({ title, text, yes }) {
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-title").textContent = title;
  document.getElementById("confirm-text").textContent = text;
  document.getElementById("confirm-yes").textContent = yes;
  dialog.returnValue = "no";
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

// The API's one error shape, whatever went wrong on the way.
export async function errorOf(response) {
  try {
    const { error } = await response.json();
    if (error && error.message) return error;
  } catch { /* not JSON: a proxy answered */ }
  return { code: String(response.status), message: say("unexpected", { status: response.status }), hint: texts.network_hint };
}
