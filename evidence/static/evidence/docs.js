// Try an operation from its page: the filled fields of its form become a request, as whoever is signed in here.
"use strict";

const MOST_SHOWN = 100000; // characters of an answer; a sheet may have millions

function filled(form, place) {
  return [...form.elements].filter((field) => field.dataset.place === place && field.value !== "");
}

function addressOf(form) {
  let path = form.dataset.path;
  for (const field of filled(form, "path")) {
    path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
  }
  const query = new URLSearchParams(filled(form, "query").map((field) => [field.name, field.value]));
  return query.size ? `${path}?${query}` : path;
}

function headersOf(form) {
  const headers = new Headers({ Accept: "application/json, */*;q=0.5" });
  const { token, csrfmiddlewaretoken: csrf } = document.getElementById("credentials").elements;
  if (token.value) headers.set("Authorization", `Token ${token.value.trim()}`);
  else if (csrf && form.dataset.method !== "GET") headers.set("X-CSRFToken", csrf.value);
  if (form.elements.body) headers.set("Content-Type", "application/json");
  for (const field of filled(form, "header")) headers.set(field.name, field.value);
  return headers;
}

function spelt(text, type) {
  if (!/json/.test(type) || /ndjson/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function show(place, address, words, text) {
  const line = document.createElement("p");
  const code = document.createElement("code");
  code.textContent = address;
  line.append(code, document.createElement("br"), words);
  const body = document.createElement("pre");
  body.tabIndex = 0;
  body.textContent = text.slice(0, MOST_SHOWN) + (text.length > MOST_SHOWN ? "\n…" : "");
  place.replaceChildren(line, ...(text ? [body] : []));
}

async function ask(form) {
  const place = form.querySelector(".answer");
  const address = addressOf(form);
  const { method } = form.dataset;
  try {
    const answer = await fetch(address, { method, headers: headersOf(form), body: form.elements.body?.value });
    const tag = answer.headers.get("ETag");
    const words = [`${answer.status} ${answer.statusText}`, ...(tag ? [`ETag: ${tag}`] : [])].join(" · ");
    show(place, `${method} ${address}`, words, spelt(await answer.text(), answer.headers.get("Content-Type") ?? ""));
  } catch (error) {
    show(place, `${method} ${address}`, `No answer: ${error.message}`, "");
  }
}

document.getElementById("credentials")?.addEventListener("submit", (event) => event.preventDefault());
document.documentElement.classList.add("scripted");
for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}
