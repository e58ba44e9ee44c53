// What may cost a life is on the screen for a minute, and not at all when the page is left or comes back.
const shown = document.querySelector("[data-hide-after]");

function hide() {
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.textContent = shown.dataset.hiddenText;
  shown.replaceChildren(said);
}

if (shown) {
  setTimeout(hide, Number(shown.dataset.hideAfter) * 1000);
  addEventListener("pagehide", hide);
}
