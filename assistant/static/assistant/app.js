// On every page: notices close, questions before something is lost, links out ask first, menus close.
import { confirmed, notice, say, texts } from "./core.js";

document.addEventListener("click", (event) => {
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest("[data-notice]").remove();
  const away = event.target.closest("a.external");
  if (away) {
    event.preventDefault();
    leave(away.href);
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("auxclick", (event) => {
  // The middle button opens links too.
  const away = event.target.closest("a.external");
  if (away) {
    event.preventDefault();
    leave(away.href);
  }
});

async function leave(url) {
  const yes = await confirmed({ title: texts.leave_title, text: say("leave_text", { url }), yes: texts.leave });
  if (yes) window.open(url, "_blank", "noopener,noreferrer");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const { title, yes } = event.detail.elt.dataset;
  confirmed({ title: title || "", text: event.detail.question, yes: yes || texts.proceed }).then((agreed) => {
    if (agreed) event.detail.issueRequest(true);
  });
});
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  // A row that is gone is taken away by the next refresh of its list.
  if (status === 404) document.body.dispatchEvent(new CustomEvent("documents-changed"));
  else notice(say("unexpected", { status }), { error: true });
});
document.addEventListener("htmx:sendError", (event) => {
  // Polling goes on by itself; only what the person did is worth a notice.
  if (event.detail.requestConfig?.verb !== "get") notice(`${texts.network} ${texts.network_hint}`, { error: true });
});
document.addEventListener("notify", (event) => notice(texts[event.detail.value] || ""));
