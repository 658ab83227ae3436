/* Shows beside a field what the ledger reads in it, while it is typed. Forms work the same without it. */
"use strict";

window.ledger = (function () {
  const PAUSE = 250; // milliseconds without typing before the ledger is asked
  const asking = new WeakMap();

  /** Asks for JSON once typing pauses; of one asker only the last answer counts. */
  function ask(asker, address, parameters, answered) {
    const earlier = asking.get(asker);
    if (earlier) {
      clearTimeout(earlier.timer);
      earlier.request.abort();
    }
    const request = new AbortController();
    const timer = setTimeout(async function () {
      try {
        const answer = await fetch(`${address}?${parameters}`, { signal: request.signal });
        answered(answer.ok ? await answer.json() : null);
      } catch (error) {
        if (!request.signal.aborted) answered(null);
      }
    }, PAUSE);
    asking.set(asker, { request, timer });
  }

  /** Puts a reading into the line that tells it; null where none could be had. */
  function tell(line, reading) {
    const told = reading ? reading.told : "";
    if (line.textContent !== told) line.textContent = told;
    line.dataset.state = reading ? reading.state : "";
  }

  /** The line beside a field, which is announced when it changes. */
  function lineBeside(field) {
    const id = `${field.id}_reading`;
    const found = document.getElementById(id);
    if (found) return found;
    const line = document.createElement("output");
    line.id = id;
    line.className = "reading";
    line.htmlFor = field.id;
    line.setAttribute("aria-live", "polite");
    field.after(line);
    return line;
  }

  document.addEventListener("input", function (event) {
    const field = event.target;
    const place = document.querySelector("[data-dates]");
    if (!place || !field.matches('input[data-reads="date"]')) return;
    const text = new URLSearchParams({ text: field.value });
    ask(field, place.dataset.dates, text, (reading) => tell(lineBeside(field), reading));
  });

  return { ask, tell };
})();
