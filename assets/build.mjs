// Builds everything a browser loads: `npm run build`, or `npm run watch` while working.
// The results under portal/static are committed, so that the portal runs without Node.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, watch, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";
import { keep } from "./keep.mjs";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const STATIC = path.join(ROOT, "portal/static");
const MODULES = path.join(ROOT, "node_modules");
const TARGET = ["chrome123", "firefox128", "safari17.5"];
const TARGET_PUBLIC = ["chrome80", "firefox78", "safari14.1"];

const at = (...parts) => path.join(ROOT, ...parts);
const text = (file) => readFile(file, "utf8");

async function put(name, content) {
  await mkdir(path.dirname(path.join(STATIC, name)), { recursive: true });
  await writeFile(path.join(STATIC, name), content);
}

function scss(file) {
  const options = { loadPaths: [MODULES], style: "expanded", quietDeps: true };
  return sass.compile(at(file), options).css;
}

async function minified(css, target) {
  const options = { loader: "css", minify: true, legalComments: "none", target };
  return (await esbuild.transform(css, options)).code;
}

async function purged(raw) {
  const content = ["portal/templates/**/*.html", "portal/**/*.py", "*.py", "assets/admin/*.js"];
  const options = { content: content.map((glob) => at(glob)), css: [{ raw }], safelist: keep, dynamicAttributes: ["type"] };
  const found = await new PurgeCSS().purge({ ...options, variables: false, keyframes: true });
  return found[0].css;
}

async function adminCss() {
  const tabler = await text(path.join(MODULES, "@tabler/core/dist/css/tabler.css"));
  const select = await text(path.join(MODULES, "tom-select/dist/css/tom-select.css"));
  const foreign = (await purged(tabler + select)).replace(/\/\*# sourceMappingURL.*?\*\//g, "");
  await put("admin/admin.css", await minified(foreign + scss("assets/admin/admin.scss"), TARGET));
}

async function publicCss() {
  await put("public/public.css", await minified(scss("assets/public/public.scss"), TARGET_PUBLIC));
}

async function script(from, to, target) {
  const result = await esbuild.build({
    entryPoints: [at(from)],
    bundle: true,
    minify: true,
    format: "iife",
    target,
    legalComments: "none",
    nodePaths: [MODULES],
    write: false,
  });
  await put(to, result.outputFiles[0].contents);
}

async function icons() {
  const names = JSON.parse(await text(at("assets/icons.json")));
  const symbols = names.map(async (name) => {
    const svg = await text(path.join(MODULES, `@tabler/icons/icons/outline/${name}.svg`));
    const shapes = svg.replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "");
    const inner = shapes.replace(/<path stroke="none"[^>]*\/>/, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  const body = (await Promise.all(symbols)).join("\n");
  const attributes =
    'xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" ' +
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  await put("admin/icons.svg", `<svg ${attributes}>\n${body}\n</svg>\n`);
}

async function copy(from, to) {
  await put(to, await text(at(from)));
}

async function licenses() {
  const files = (await readdir(at("assets/licenses"))).sort();
  for (const side of ["admin", "public"]) {
    const mine = files.filter((name) => name.startsWith(`${side}-`));
    const texts = await Promise.all(mine.map((name) => text(at("assets/licenses", name))));
    await put(`${side}/LICENSES.txt`, texts.join("\n\n" + "-".repeat(78) + "\n\n"));
  }
}

// The macro every template uses: an address that changes when the file does.
async function fingerprints() {
  const names = (await readdir(STATIC, { recursive: true }))
    .map((name) => name.split(path.sep).join("/"))
    .filter((name) => /\.(css|js|svg|png|ico|webmanifest)$/.test(name));
  const lines = await Promise.all(
    names.sort().map(async (name) => {
      const hash = createHash("sha256").update(await readFile(path.join(STATIC, name)));
      return `  "${name}": "${hash.digest("hex").slice(0, 10)}",`;
    }),
  );
  const macro = `{# Written by assets/build.mjs. Usage:
   {% from "assets.html" import asset %} … {{ asset("admin/admin.css") }} #}
{% set fingerprints = {
${lines.join("\n")}
} -%}
{% macro asset(name) -%}
{{ url_for("static", filename=name, v=fingerprints[name]) }}
{%- endmacro %}
`;
  await writeFile(at("portal/templates/assets.html"), macro);
}

async function build() {
  await Promise.all([
    adminCss(),
    publicCss(),
    script("assets/admin/admin.js", "admin/admin.js", TARGET),
    script("assets/admin/theme.js", "admin/theme.js", TARGET),
    script("assets/public/public.js", "public/public.js", TARGET_PUBLIC),
    icons(),
    copy("assets/admin/favicon.svg", "admin/favicon.svg"),
    copy("assets/admin/favicon.svg", "public/favicon.svg"),
    licenses(),
  ]);
  await fingerprints();
}

await build();
if (process.argv.includes("--watch")) {
  for await (const change of watch(at("assets"), { recursive: true })) {
    console.log(change.filename);
    await build().catch((error) => console.error(error.message));
  }
}
