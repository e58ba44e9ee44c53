// The page goes from step to step without leaving its address, and leaves without a trace.
// What is typed lives in the page's own fields until it is sent: nothing is stored, and no step is an entry in the history.
"use strict";
(() => {
  const root = document.documentElement;
  const exit = document.currentScript.dataset.exit;
  const PATIENCE = 5000; // milliseconds within which Shift must be pressed three times
  let isLeaving = false;
  let isBusy = false;

  function blank() {
    root.replaceChildren();
  }

  // Leave at once: an empty page first, then another one in this one's place.
  function leave() {
    isLeaving = true;
    blank();
    location.replace(exit);
  }

  // Nothing shows until the page is ready (see page.css). Back must never show the service: neither loaded anew nor from the
  // browser's memory of pages.
  root.classList.add("has-script");
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
    location.replace(exit);
    return;
  }
  addEventListener("pageshow", (event) => event.persisted && leave());
  addEventListener("pagehide", blank);

  let presses = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift") presses = [];
    else if (!event.repeat) presses = [...presses.filter((then) => event.timeStamp - then < PATIENCE), event.timeStamp];
    if (presses.length === 3) leave();
  }, true);

  addEventListener("click", (event) => {
    const way = event.target.closest?.("a");
    if (!way) return;
    if ("exit" in way.dataset) {
      event.preventDefault();
      leave();
    } else if (way.hash && way.origin === location.origin) {
      // A link within the page must not become an entry in the history.
      event.preventDefault();
      const goal = document.getElementById(way.hash.slice(1));
      goal?.scrollIntoView({ block: "center" });
      goal?.focus({ preventScroll: true });
    }
  }, true);

  addEventListener("submit", (event) => {
    const form = event.target;
    if (!document.querySelector("[data-by-script]")) return; // the plain form goes the plain way
    event.preventDefault();
    const said = new URLSearchParams(new FormData(form));
    if (event.submitter?.name) said.set(event.submitter.name, event.submitter.value);
    send(said);
  });

  async function send(said) {
    if (isBusy) return;
    isBusy = true;
    root.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch("/", {
        method: "POST", body: said, headers: { "X-Steps": "1" }, credentials: "omit", cache: "no-store", redirect: "error",
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.querySelector("[data-by-script]")) throw new Error("no page");
      if (!isLeaving) show(page);
    } catch {
      trouble();
    } finally {
      isBusy = false;
      root.removeAttribute("aria-busy");
    }
  }

  function show(page) {
    const kept = [...document.querySelectorAll("[data-keep]")].map((box) => [box.name, box.value]);
    root.lang = page.documentElement.lang;
    root.dir = page.documentElement.dir;
    document.body.replaceChildren(...page.body.childNodes);
    for (const [name, value] of kept) {
      const box = document.querySelector(`[data-keep][name="${name}"]`);
      if (box && !box.value) box.value = value;
    }
    scrollTo(0, 0);
    (document.querySelector(".govuk-error-summary") ?? document.querySelector("[data-focus]"))?.focus({ preventScroll: true });
    askAgain();
  }

  // An attempt that waits for its lot asks again by itself.
  let again;
  function askAgain() {
    clearTimeout(again);
    const button = document.querySelector("[data-again]");
    if (button) again = setTimeout(() => !isLeaving && button.isConnected && button.form.requestSubmit(button), button.dataset.again * 1000);
  }

  function trouble() {
    const words = document.querySelector("[data-trouble]");
    if (!words) return;
    words.hidden = true;
    requestAnimationFrame(() => {
      words.hidden = false;
      words.scrollIntoView({ block: "nearest" });
    });
  }

  // The page arrives as the plain form, for browsers without scripts; the steps take its place.
  addEventListener("DOMContentLoaded", () => {
    const steps = document.querySelector("template[data-steps]");
    if (steps) steps.parentElement.replaceChildren(steps.content);
    root.classList.add("is-ready");
  });
})();
