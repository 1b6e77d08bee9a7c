// Makes the first load of the page that cargo-leptos has built 10 kB smaller: `node scripts/smaller_page.mjs target/site/pkg`.
//
// wasm-bindgen ends the name of each function that the WASM imports with 16 random hexadecimal digits, in the WASM and in
// its JavaScript. Numbers in their place, filled up with zeros to the same length, take 8 kB less. Both files are
// compressed again. They keep their names: the folder in their URLs is different for each build.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = process.argv[2];
const file = (pattern) => {
  const found = readdirSync(folder).filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${folder} has ${found.length} files like ${pattern}`);
  return join(folder, found[0]);
};
const paths = [file(/^trazo\.[\w-]+\.wasm$/), file(/^trazo\.[\w-]+\.js$/)];

const names = new Map();
const short = (name) => {
  if (!names.has(name)) names.set(name, `_${names.size.toString(36).padStart(name.length - 1, '0')}`);
  return names.get(name);
};
// Latin-1 has a character for each byte.
const [wasm, js] = paths.map((path) => readFileSync(path, 'latin1').replace(/__wbg_\w+_[0-9a-f]{16}\b/g, short));

const imports = WebAssembly.Module.imports(new WebAssembly.Module(Buffer.from(wasm, 'latin1')));
const missing = imports.filter(({ module, name }) => module.endsWith('_bg.js') && !js.includes(`${name}:`));
if (missing.length > 0) throw new Error(`the JavaScript lacks ${missing.map(({ name }) => name)}`);

for (const [index, text] of [wasm, js].entries()) {
  const bytes = Buffer.from(text, 'latin1');
  writeFileSync(paths[index], bytes);
  writeFileSync(`${paths[index]}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${paths[index]}.br`, smallest(bytes));
}

/** Compressed by brotli. How large its blocks should be depends on the file; the default takes 4 kB more. */
function smallest(bytes) {
  const compressed = [18, 19, 20].flatMap((window) =>
    [16, 17, 18].map((block) =>
      brotliCompressSync(bytes, {
        params: {
          [constants.BROTLI_PARAM_LGWIN]: window,
          [constants.BROTLI_PARAM_LGBLOCK]: block,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
    ),
  );
  return compressed.reduce((one, other) => (other.length < one.length ? other : one));
}
