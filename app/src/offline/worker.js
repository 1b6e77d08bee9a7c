// The service worker. It keeps the drawing page as a visitor gets it who isn't signed in, with its files and the weights of the
// model that it names, and answers with it where the server can't be reached. It keeps no other page, and nothing else of the
// API.

const PREFIX = "trazo-";
const CACHE = PREFIX + BUILD;
// Apart, because the weights don't depend on the build.
const MODEL_CACHE = "model";
const weightsPath = (version) => `/api/models/${version}/weights`;

// Only the worker asks for these.
const shellUrl = (locale) => `/?shell=${locale}`;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await keepShells();
}

// The page names the live model if its own is another one.
async function keepShells() {
  const cache = await caches.open(CACHE);
  const [html] = await Promise.all(LOCALES.map((locale) => keepShell(cache, locale)));
  const version = /<html [^>]*data-model="([^"]+)"/.exec(html)?.[1];
  // Without the weights the page reads with its own.
  await keepWeights(version && weightsPath(version)).catch(() => {});
}

async function keepWeights(path) {
  const cache = await caches.open(MODEL_CACHE);
  if (path && !(await cache.match(path))) await cache.add(path);
  const others = (await cache.keys()).filter(({ url }) => new URL(url).pathname !== path);
  await Promise.all(others.map((request) => cache.delete(request)));
}

async function keepShell(cache, locale) {
  // Without cookies: nobody is signed in.
  const response = await fetch("/", {
    credentials: "omit",
    cache: "no-store",
    headers: { accept: "text/html", "accept-language": locale },
  });
  const html = await response.text();
  // Another server may have another build while one is deployed.
  if (!response.ok || !html.includes(`"/${BUILD}/`)) throw new Error("not the page of this build");
  const headers = new Headers(response.headers);
  // The text isn't compressed any more.
  headers.delete("content-encoding");
  headers.delete("content-length");
  // Tells the page that it doesn't know who is signed in.
  await cache.put(shellUrl(locale), new Response(html.replace("<html ", "<html data-shell "), { headers }));
  return html;
}

async function activate() {
  // Open tabs may still have the page of the build before. In order of creation.
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await clients.claim();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === "/") event.respondWith(page(request));
  } else if (/^\/[0-9a-f]{16}\//.test(url.pathname)) {
    // The name of the folder changes with the files, so what is kept is right.
    event.respondWith(kept(request).then((found) => found ?? fetch(request)));
  } else if (/^\/api\/models\/[^/]+\/weights$/.test(url.pathname)) {
    event.respondWith(weights(event));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(async () => (await kept(request)) ?? Response.error()));
  }
});

// The weights of a version never change. A page that asks for some that aren't kept has found out that another model is live,
// which the kept page then has to name.
async function weights(event) {
  const found = await kept(event.request);
  if (found) return found;
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(keepShells().catch(() => {}));
  return response;
}

const kept = (request) => caches.match(request, { ignoreVary: true });

async function page(request) {
  const response = await fetch(request).catch(() => undefined);
  if (response && response.status < 500) return response;
  const cache = await caches.open(CACHE);
  return (await cache.match(shellUrl(await chosenLocale()))) ?? response ?? Response.error();
}

// As the server chooses it: the cookie, else what the browser prefers.
async function chosenLocale() {
  const cookie = await self.cookieStore?.get(LOCALE_COOKIE).catch(() => undefined);
  const tags = [cookie?.value, ...navigator.languages].map((tag) => tag?.split("-")[0].toLowerCase());
  return tags.find((tag) => LOCALES.includes(tag)) ?? LOCALES[0];
}

// A page asks which build this is, and to take over from the worker before.
addEventListener("message", (event) => {
  if (event.data === "build") event.ports[0]?.postMessage(BUILD);
  if (event.data === "activate") skipWaiting();
});

// Background Sync: the browser is online again. It tries again later if this is rejected.
addEventListener("sync", (event) => {
  if (event.tag === "asked") event.waitUntil(sendKept());
});

async function sendKept() {
  const isLeft = (record) => record.user !== null && record.status !== 401 && isWaiting(record);
  await sendAll((record) => isLeft(record) && (record.status !== 429 || record.next <= Date.now()));
  if ((await records()).some(isLeft)) throw new Error("not all are sent");
}
