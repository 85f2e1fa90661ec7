// Everything works without this script; it adds comfort and the keyboard's quick exit.
import { Button, ErrorSummary, SkipLink, createAll } from "govuk-frontend";
import { autosave } from "./autosave.js";
import { compare } from "./compare.js";
import { quickExit } from "./quick-exit.js";

// The components refuse to start without these classes, which their own page sets by inline script.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

quickExit();
autosave();
compare();
createAll(ErrorSummary);
createAll(SkipLink);
createAll(Button, { preventDoubleClick: true });

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
