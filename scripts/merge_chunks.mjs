// cargo-leptos puts the code that several lazy parts of the page share into a file for each combination of them: some ninety
// files, most of them smaller than 1 kB, of which a part loads up to fifty. This merges the small ones into one file. Compressed
// it is hardly larger than what a part needs of it, because the files begin and end with the same bytes.
//
// node scripts/merge_chunks.mjs FOLDER HASHES: the folder of the built files, and the file with the hashes in their names

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

// In bytes.
const SMALL = 5000;
// As the files of cargo-leptos, so that the same rules apply to it (end2end/tests/).
const MERGED = "chunk_shared";

const [folder, hashes] = process.argv.slice(2);
const names = readdirSync(folder);

function only(pattern) {
  const found = names.filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${found.length} files like ${pattern} in ${folder}`);
  return found[0];
}

function write(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  writeFileSync(`${path}.br`, brotliCompressSync(content));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}

const remove = (name) => ["", ".br", ".gz"].forEach((ending) => rmSync(join(folder, name + ending), { force: true }));

const read = (name) => ({ name, content: readFileSync(join(folder, name)) });
const chunks = names.filter((name) => /^chunk_\d+\.[\w-]+\.wasm$/.test(name)).map(read);
const small = chunks.filter(({ content }) => content.length <= SMALL);
if (small.length < 2) throw new Error(`${small.length} small chunks in ${folder}`);

const content = Buffer.concat(small.map(({ content }) => content));
const hash = createHash("sha256").update(content).digest("base64url").slice(0, 22);
const merged = `${MERGED}.${hash}`;

// The loader fetches each chunk for itself: now a part of the merged file.
const loader = only(/^__wasm_split\.[\w-]+\.js$/);
let script = readFileSync(join(folder, loader), "utf8");
let from = 0;
for (const { name, content } of small) {
  const fetched = `fetch(new URL("./${name}", import.meta.url))`;
  const pieces = script.split(fetched);
  if (pieces.length !== 2) throw new Error(`${loader} fetches ${name} ${pieces.length - 1} times`);
  script = pieces.join(`part(${from}, ${from + content.length})`);
  from += content.length;
}
script += `
let merged;
async function part(from, to) {
    merged ??= fetch(new URL("./${merged}.wasm", import.meta.url)).then((response) => {
        if (!response.ok) throw new Error(\`HTTP status \${response.status}\`);
        return response.arrayBuffer();
    });
    try {
        const headers = { "content-type": "application/wasm" };
        return new Response((await merged).slice(from, to), { headers });
    } catch (error) {
        // The next use tries again.
        merged = undefined;
        throw error;
    }
}
`;

// What the server preloads for a page, and what the service worker keeps.
const manifest = only(/^__wasm_split_manifest\.[\w-]+\.json$/);
const isSmall = new Set(small.map(({ name }) => name.replace(/\.wasm$/, "")));
const parts = JSON.parse(readFileSync(join(folder, manifest), "utf8"));
for (const [part, files] of Object.entries(parts)) {
  parts[part] = [...new Set(files.map((file) => (isSmall.has(file) ? merged : file)))];
}

for (const name of names.filter((name) => name.startsWith(MERGED))) rmSync(join(folder, name));
write(`${merged}.wasm`, content);
write(loader, script);
write(manifest, JSON.stringify(parts));
for (const { name } of small) remove(name);

// The folder in the files' URLs depends on all hashes (app/src/site.rs).
const lines = readFileSync(hashes, "utf8").trimEnd().split("\n").filter((line) => !line.startsWith("merged:"));
writeFileSync(hashes, [...lines, `merged: ${hash}`, ""].join("\n"));
console.log(`${small.length} of ${chunks.length} chunks are in ${merged}.wasm: ${content.length} bytes`);
