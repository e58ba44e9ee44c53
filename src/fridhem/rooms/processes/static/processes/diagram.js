// The drawing is wider than the page: begin where the case stands. Without this the reader scrolls, or reads the words below.
for (const frame of document.querySelectorAll(".pr-diagram")) {
  const lit = frame.querySelector(".process-current");
  if (lit) {
    const seen = frame.getBoundingClientRect();
    const step = lit.getBoundingClientRect();
    frame.scrollLeft += step.left + step.width / 2 - (seen.left + seen.width / 2);
  }
}
