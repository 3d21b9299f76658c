// Which documents a question is asked of. What is chosen stands beside the question until it is removed; the server keeps
// it with the answer, and gives it back with the conversation.
import { icon, say } from "./core.js";

const FIELDS = ["tags", "language", "department", "product"];
const shown = document.getElementById("filtered");
const state = JSON.parse(document.getElementById("filter-said").textContent);

export function chosenFilter() {
  return state;
}

export function clearFilter() {
  for (const field of FIELDS) delete state[field];
  show();
}

function add(field, value) {
  if (!value) delete state[field];
  else if (field !== "tags") state[field] = value;
  else if (!(state.tags ?? []).some((tag) => tag.toLowerCase() === value.toLowerCase())) state.tags = [...(state.tags ?? []), value];
  show();
}

function remove(field, value) {
  if (field === "tags") state.tags = state.tags.filter((tag) => tag !== value);
  else delete state[field];
  show();
  (shown.querySelector("button") ?? document.querySelector("#filter summary") ?? document.getElementById("question")).focus();
}

function show() {
  const chips = FIELDS.flatMap((field) => [state[field] ?? []].flat().map((value) => chip(field, value)));
  shown.replaceChildren(...chips);
  for (const select of document.querySelectorAll("#filter select")) select.value = state[select.dataset.filter] ?? "";
}

function chip(field, value) {
  const name = field === "language" ? document.querySelector(`#filter-language [value="${value}"]`)?.textContent ?? value : value;
  const text = say(`filter_${field}`, { value: name });
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", say("filter_remove", { value: text }));
  button.append(text, icon("close"));
  button.addEventListener("click", () => remove(field, value));
  const line = document.createElement("li");
  line.append(button);
  return line;
}

const box = document.getElementById("filter");
function typed(input) {
  const value = input.value.trim();
  input.value = "";
  if (value) add("tags", value);
}
box?.addEventListener("change", ({ target }) => {
  if (target.matches("select")) add(target.dataset.filter, target.value);
  else typed(target);
});
box?.addEventListener("input", ({ target, inputType }) => {
  // One picked from the list is meant, without another key.
  if (target.id === "filter-tag" && (inputType === "insertReplacementText" || !inputType)) typed(target);
});
box?.addEventListener("keydown", (event) => {
  // Enter that ends an IME conversion adds nothing yet.
  if (event.key !== "Enter" || event.target.id !== "filter-tag" || event.isComposing || event.keyCode === 229) return;
  event.preventDefault(); // it stands in the form of the question
  typed(event.target);
});

show();
