// Rows of an inline list (victims on a case): added from a <template>, named as Flask-Admin reads
// them back: `<list id>-<number>-<field>`, one higher than the highest there is.
import { startLookups } from "./lookup.js";

const NAMED = "[name], [id], label[for], [aria-describedby], [data-inline-add], [data-inline-rows]";
const REFERENCES = ["name", "id", "for", "aria-describedby", "aria-labelledby", "data-inline-add", "data-inline-rows"];

function nextNumber(rows) {
  const numbers = [...rows.children].map((row) => Number(row.id.split("-").pop()) + 1);
  return Math.max(0, ...numbers.filter((number) => !Number.isNaN(number)));
}

function prefixed(value, prefix) {
  return value.split(" ").map((word) => `${prefix}-${word}`).join(" ");
}

function rename(root, prefix) {
  for (const element of root.querySelectorAll(NAMED)) {
    for (const attribute of REFERENCES) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, prefixed(value, prefix));
      else if (value === "" && attribute === "name") element.setAttribute("name", prefix);
    }
  }
}

function add(button) {
  const id = button.dataset.inlineAdd;
  const list = button.closest("[data-inline-list]");
  const rows = list.querySelector(":scope > [data-inline-rows]");
  const template = list.querySelector(":scope > template");
  const prefix = `${id}-${nextNumber(rows)}`;
  const row = template.content.firstElementChild.cloneNode(true);
  for (const part of row.querySelectorAll("[data-script-only]")) part.hidden = false;
  rename(row, prefix);
  row.id = prefix;
  rows.append(row);
  startLookups(row);
  renumber(rows);
  const first = row.querySelector("input:not([type=hidden]), select, textarea");
  if (first) (first.tomselect || first).focus();
}

function renumber(rows) {
  [...rows.children].forEach((row, index) => {
    const place = row.querySelector("[data-inline-number]");
    if (place) place.textContent = index + 1;
  });
}

function remove(button) {
  const row = button.closest("[data-inline-row]");
  const rows = row.parentElement;
  const adder = row.closest("[data-inline-list]").querySelector(":scope > [data-inline-add]");
  row.remove();
  renumber(rows);
  rows.dispatchEvent(new Event("input", { bubbles: true }));
  if (adder) adder.focus();
}

export function startInline() {
  document.addEventListener("click", (event) => {
    const adder = event.target.closest("[data-inline-add]");
    const remover = event.target.closest("[data-inline-remove]");
    if (adder) add(adder);
    if (remover) remove(remover);
  });
}
