// The officers' screens: everything is delegated from the document, so that rows and forms added
// later need no wiring. Texts come from the page (see wording.js), never from here.
import { startClocks } from "./clock.js";
import { startConfirm } from "./confirm.js";
import { startCopy } from "./copy.js";
import { startDrafts } from "./draft.js";
import { startFilters } from "./filters.js";
import { startGuard } from "./guard.js";
import { startInline } from "./inline.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startLookups } from "./lookup.js";
import { startMenus } from "./menus.js";
import { startPasskeys } from "./passkey.js";
import { startPreviews } from "./preview.js";
import { startRows } from "./rows.js";
import { startSession } from "./session.js";
import { startTelephone } from "./telephone.js";
import { quickExit } from "../public/quick-exit.js"; // sign-in stands open to everybody

for (const element of document.querySelectorAll("[data-script-only]")) element.hidden = false;
document.querySelector("[data-error-summary]")?.focus();

quickExit();
startConfirm(); // first: what it holds back must not count as sent
startGuard();
startRows();
startFilters();
startMenus();
startInline();
startLookups(document);
startDrafts();
startPreviews();
startClocks();
startLive();
startKeys();
startPasskeys();
startCopy();
startSession();
startTelephone();
