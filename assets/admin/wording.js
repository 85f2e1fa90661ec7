// The layout carries <div id="wording" data-…> with every text the script shows, translated.
const source = document.getElementById("wording");

// `say("draftSaved", { time: "14.05" })` fills the {time} of data-draft-saved.
export function say(key, values = {}) {
  const text = (source && source.dataset[key]) || "";
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
