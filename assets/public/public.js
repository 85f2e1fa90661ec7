// Everything works without this script; it adds comfort and the keyboard's quick exit.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  Radios,
  SkipLink,
  createAll,
} from "govuk-frontend";
import { quickExit } from "./quick-exit.js";

// The components refuse to start without these classes, which their own page sets by inline script.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

quickExit();
const components = [CharacterCount, Checkboxes, ErrorSummary, FileUpload, NotificationBanner, Radios, SkipLink];
for (const component of components) createAll(component);
createAll(Button, { preventDoubleClick: true });

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
