// Passkeys and security keys: the form's question goes to the key, and the key's answer back with the form.
const form = document.querySelector("form[data-key]");
const question = JSON.parse(document.getElementById("key-options").textContent);
const answer = form.elements.namedItem("credential");

function show(which) {
  for (const name of ["failed", "unknown"]) form.querySelector(`[data-key-${name}]`).hidden = name !== which;
}

async function ask() {
  if (form.dataset.key === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
}

form.addEventListener("submit", async (event) => {
  if (answer.value) return;
  event.preventDefault();
  show("");
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
    show("unknown");
    return;
  }
  try {
    answer.value = JSON.stringify((await ask()).toJSON());
    form.requestSubmit();
  } catch (error) {
    show(error.name === "SecurityError" ? "unknown" : "failed");
  }
});
