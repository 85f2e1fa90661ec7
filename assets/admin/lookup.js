// <select data-lookup="/admin/case/ajax/lookup/?name=officer">: searched on the server as one
// types. <select data-pick>: a long list searched on the page. Both stay ordinary selects without script.
import TomSelect from "tom-select/base";
import clearButton from "tom-select/plugins/clear_button/plugin.js";
import removeButton from "tom-select/plugins/remove_button/plugin.js";
import { say } from "./wording.js";

TomSelect.define("clear_button", clearButton);
TomSelect.define("remove_button", removeButton);

const PAGE = 10;

// Tom Select numbers what it loads from 1 again, and the ids it makes of that would stand twice.
let number = 1000;

// What belongs to a case is looked for in the case that the form names, else in that of its row.
const caseField = (select) => select.form?.querySelector("select[name=case]");
const caseOf = (select) =>
  "within" in select.dataset ? (caseField(select)?.value ?? select.dataset.within) : "";

// What is typed may be a name: it travels in the body, never in an address.
async function find(select, query) {
  const body = new URLSearchParams({ query, case: caseOf(select), offset: "0", limit: String(PAGE) });
  const token = select.form?.elements.csrf_token?.value || "";
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const answer = await fetch(select.dataset.lookup, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).map(([value, text]) => ({ value: String(value), text, $order: ++number }));
}

// Tom Select builds HTML from strings; this keeps what came from the server text.
function line(className, text) {
  const element = document.createElement("div");
  element.className = className;
  element.textContent = text;
  return element;
}

const render = {
  option: (data) => line("option", data.text),
  item: (data) => line("item", data.text),
  no_results: () => line("no-results", say("lookupNone")),
  not_loading: () => line("no-results", say("lookupType")),
  loading: () => line("no-results", say("lookupLoading")),
};

function remote(select) {
  const least = Number(select.dataset.minimumInputLength || 1);
  const ready = (query) => query.length >= least || caseOf(select) !== "";
  return {
    shouldLoad: ready,
    preload: least === 0 || "within" in select.dataset ? "focus" : false,
    loadThrottle: 250,
    hideSelected: true,
    load(query, done) {
      if (!ready(query)) return void done();
      this.clearOptions((option) => this.items.includes(String(option.value)));
      find(select, query).then(done, () => done());
    },
    score: () => () => 1, // the server has searched
  };
}

// The visible box is an input of its own, to which Tom Select gives the label; it needs the
// description too. The select behind it must not be read out a second time.
function describe(box, select) {
  const input = box.control_input;
  box.control.querySelector(".clear-button")?.setAttribute("aria-label", say("lookupClear"));
  select.setAttribute("aria-hidden", "true");
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
}

// Flask-Admin's own way to say "none" is an option without text, which nobody could click.
function nameBlank(select) {
  const blank = [...select.options].find((option) => option.value === "__None");
  if (blank && !blank.text.trim()) blank.textContent = "–";
  return Boolean(blank);
}

function extras(select) {
  if (select.multiple) return ["remove_button"];
  return nameBlank(select) ? [] : ["clear_button"];
}

// Whoever clicks into the box types at once, and no letter may be lost. Tom Select takes the focus only
// in a timer, which a busy browser runs after the keys that wait already: until then a box with
// something chosen refuses letters. And a click into an open box would take the focus away again.
class Box extends TomSelect {
  focus() {
    super.focus();
    this.isFocused = document.activeElement === this.control_input;
    this.inputState();
  }

  // It looks up what was typed a moment later: by then somebody may have gone on to another box, and
  // would be called back, their letters lost.
  _onInput() {
    if (this.isFocused) super._onInput();
  }

  onClick() {
    if (this.isOpen && !this.activeItems.length) this.close();
    else super.onClick();
  }
}

// Another case: what was found in the one before is offered no longer.
function forget(box) {
  box.wrapper.classList.remove("preloaded");
  box.clearOptions();
}

function enhance(select) {
  const box = new Box(select, {
    plugins: Object.fromEntries(extras(select).map((name) => [name, { title: say("lookupClear") }])),
    valueField: "value",
    labelField: "text",
    searchField: ["text"],
    maxOptions: null,
    allowEmptyOption: false,
    hidePlaceholder: true,
    placeholder: select.dataset.placeholder || say("lookupType"),
    render,
    ...(select.dataset.lookup ? remote(select) : {}),
  });
  describe(box, select);
  if ("within" in select.dataset) caseField(select)?.addEventListener("change", () => forget(box));
}

export function startLookups(root) {
  for (const select of root.querySelectorAll("select[data-lookup], select[data-pick]")) {
    if (!select.tomselect) enhance(select);
  }
}
