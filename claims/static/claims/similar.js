/* The form of a new entity: which records it may be the same as, while it is typed. */
"use strict";

document.addEventListener("DOMContentLoaded", function () {
  const FIELDS = ["name", "aliases", "tickers", "website", "number", "jurisdiction"];
  const place = document.getElementById("similar");
  const name = document.getElementById("id_name");
  if (!place || !name) return;
  name.closest(".form-row").after(place);

  /** What identifies the record, as it stands in the form. */
  function typed() {
    const parameters = new URLSearchParams();
    for (const field of FIELDS) {
      const input = document.getElementById(`id_${field}`);
      if (input && input.value) parameters.set(field, input.value);
    }
    return parameters;
  }

  function shown(answer) {
    const found = answer ? answer.similar : "";
    if (place.innerHTML !== found) place.innerHTML = found; // a part of a page of our own
  }

  const look = () => window.ledger.ask(place, place.dataset.similar, typed(), shown);
  for (const field of FIELDS) {
    const input = document.getElementById(`id_${field}`);
    if (input) input.addEventListener("input", look);
  }
  if (name.value) look();
});
