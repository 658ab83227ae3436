/* The form of a claim: what its value is read as while it is typed, and what its predicate offers. */
"use strict";

(function () {
  const FIELDS = ["subject", "predicate", "object", "value", "unit", "negated", "when", "scope", "modality"];

  const SOURCES = "select[name^='citations-'][name$='-source']";

  const input = (name) => document.getElementById(`id_${name}`);

  /** The claim as it stands in the form. */
  function typed() {
    const parameters = new URLSearchParams();
    for (const name of FIELDS) {
      const field = input(name);
      if (field && (field.type !== "checkbox" || field.checked)) parameters.set(name, field.value);
    }
    for (const source of document.querySelectorAll(SOURCES)) if (source.value) parameters.append("source", source.value);
    parameters.set("claim", document.getElementById("compared").dataset.claim || "");
    return parameters;
  }

  /** Lets the browser complete a field from the words offered. */
  function offer(name, words) {
    const field = input(name);
    const id = `${field.id}_offers`;
    let list = document.getElementById(id);
    if (!list) {
      list = document.createElement("datalist");
      list.id = id;
      field.after(list);
      field.setAttribute("list", id);
    }
    list.replaceChildren(...words.map((word) => new Option(word, word)));
  }

  /** Choosing a predicate is told the subject, so that it offers those that are said of it. */
  function tellSubject(choices) {
    django.jQuery.ajaxPrefilter(function (options) {
      if (options.url !== choices) return;
      options.data = `${options.data || ""}&${new URLSearchParams({ subject: input("subject").value })}`;
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    const $ = django.jQuery; // there once all scripts are loaded
    const line = document.querySelector("output[data-preview]");
    if (!line || !input("value")) return; // a page to be read only

    function shown(answer) {
      window.ledger.tell(line, answer && answer.reading);
      if (answer) document.getElementById("compared").innerHTML = answer.versus; // a part of a page of our own
      for (const [name, words] of Object.entries(answer ? answer.offers : {})) offer(name, words);
    }

    const look = () => window.ledger.ask(line, line.dataset.preview, typed(), shown);
    const ids = [...FIELDS.map((name) => `#id_${name}`), SOURCES].join(",");
    // The choices of records tell of themselves by jQuery only.
    $(document).on("input change", ids, look);
    tellSubject(input("predicate").getAttribute("data-ajax--url"));
    look();
  });
})();
