// Builds static/design/ and the icon templates from the sources beside this file. Run through build.sh.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const design = join(here, "..", "src", "fridhem", "design");
const out = join(design, "static", "design");
const icons = join(design, "templates", "design", "icons");

// govuk-frontend says left and right; right-to-left pages need start and end. The names are exchanged in the compiled
// text, so that one stylesheet serves both directions. Shapes drawn with rotate() (the tick) keep their sides.
const LOGICAL = [
  [/\b(margin|padding)-left\b/g, "$1-inline-start"],
  [/\b(margin|padding)-right\b/g, "$1-inline-end"],
  [/\bborder-left\b/g, "border-inline-start"],
  [/\bborder-right\b/g, "border-inline-end"],
  [/(?<=[\s;{])left:/g, "inset-inline-start:"],
  [/(?<=[\s;{])right:/g, "inset-inline-end:"],
  [/\btext-align:\s*left\b/g, "text-align: start"],
  [/\btext-align:\s*right\b/g, "text-align: end"],
  [/\b(float|clear):\s*left\b/g, "$1: inline-start"],
  [/\b(float|clear):\s*right\b/g, "$1: inline-end"],
];

const logical = (css) => LOGICAL.reduce((text, [from, to]) => text.replace(from, to), css);

async function styles() {
  const { css } = sass.compile(join(here, "css", "index.scss"), {
    loadPaths: [modules],
    quietDeps: true,
    charset: false,
  });
  const { code } = await esbuild.transform(logical(css), { loader: "css", minify: true, charset: "utf8" });
  writeFileSync(join(out, "fridhem.css"), code);
}

async function scripts() {
  await esbuild.build({
    entryPoints: [join(here, "js", "enhance.js")],
    outfile: join(out, "enhance.js"),
    nodePaths: [modules],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "none",
    charset: "utf8",
  });
}

const FONTS = {
  "source-sans-3-latin.woff2": "source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
  "source-sans-3-latin-ext.woff2": "source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2",
  "vazirmatn-arabic.woff2": "vazirmatn/files/vazirmatn-arabic-wght-normal.woff2",
};

function fonts() {
  mkdirSync(join(out, "fonts"), { recursive: true });
  for (const [name, source] of Object.entries(FONTS)) {
    cpSync(join(modules, "@fontsource-variable", source), join(out, "fonts", name));
  }
}

// icons/names.txt: our name and the name in lucide, one icon a line.
function drawings() {
  rmSync(icons, { recursive: true, force: true });
  mkdirSync(icons, { recursive: true });
  for (const line of readFileSync(join(here, "icons", "names.txt"), "utf8").split("\n")) {
    const [name, drawn] = line.split(/\s+/);
    if (!name || name.startsWith("#")) continue;
    const svg = readFileSync(join(modules, "lucide-static", "icons", `${drawn}.svg`), "utf8");
    const shapes = svg.replace(/<!--.*?-->/gs, "").replace(/<svg[^>]*>|<\/svg>/g, "").replace(/\s*\n\s*/g, "");
    writeFileSync(
      join(icons, `${name}.svg`),
      '<svg class="fh-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" ' +
        `stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shapes}</svg>\n`,
    );
  }
}

// The mark stands beside the stylesheet, which draws with it; what we built on travels with its licence.
function copies() {
  cpSync(join(here, "mark"), out, { recursive: true });
  cpSync(join(here, "licenses"), join(out, "licenses"), { recursive: true });
}

const sha = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const SOURCES = ["css", "icons", "js", "licenses", "mark"];

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

// What was built from what: tests/design compares both sides, so a forgotten build or an edited result is seen.
function manifest() {
  const sources = [
    join(here, "build.mjs"),
    join(here, "package.json"),
    join(here, "package-lock.json"),
    ...SOURCES.flatMap((folder) => walk(join(here, folder))),
  ];
  const built = [...walk(out), ...walk(icons)];
  const root = join(here, "..");
  const table = (paths) => Object.fromEntries(paths.map((path) => [relative(root, path), sha(path)]).sort());
  writeFileSync(
    join(here, "manifest.json"),
    `${JSON.stringify({ sources: table(sources), built: table(built) }, null, 2)}\n`,
  );
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await styles();
await scripts();
fonts();
drawings();
copies();
manifest();
