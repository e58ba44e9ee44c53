// What makes a page better when JavaScript is there. Nothing here is needed: every page works without it.
import { Button, CharacterCount, Checkboxes, ErrorSummary, Radios, createAll } from "govuk-frontend";

const COMPONENTS = [Button, CharacterCount, Checkboxes, ErrorSummary, Radios];

// A part that htmx did not touch is asked to start again and says that it has: that is no error.
function onError(error) {
  if (error.name !== "InitError") console.error(error);
}

function start() {
  document.body.classList.add("js-enabled", "govuk-frontend-supported"); // again after htmx has restored a body from history
  for (const component of COMPONENTS) createAll(component, undefined, { onError });
}

// A message that has been read can be put away; it stays until then, nothing disappears by itself.
function dismiss(event) {
  event.target.closest?.("[data-dismiss]")?.closest(".fh-message")?.remove();
}

// A choice that only steers the page (a filter, a language) is sent when it is made; without JavaScript a button stands there.
function submitOnChange(event) {
  event.target.closest?.("form[data-submit-on-change]")?.requestSubmit();
}

if ("noModule" in HTMLScriptElement.prototype) {
  start();
  document.addEventListener("click", dismiss);
  document.addEventListener("change", submitOnChange);
  document.addEventListener("htmx:after:swap", start);
}
