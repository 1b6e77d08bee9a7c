// What a page does where the server can't answer: it says which answer is the page's own, keeps the question, shows what is
// kept, and sends it. It also registers the service worker, and offers a new version of the page.

const quietly = (work) => work().catch(() => {});
onChange = () => quietly(refresh);
channel?.addEventListener("message", onChange);

// Called by the page's WASM when a question to the server has ended, with its status: 0 if there was no answer.
async function asked(file, name, isNumber, status, retryAfter, numeral, probability) {
  const path = isNumber ? "/api/predict/number" : "/api/predict";
  const question = { user, path, name, type: file.type, bytes: await file.arrayBuffer() };
  if (status === 200) {
    await forgetSame(question);
    return sendOwn(isReachable);
  }
  if (!isLater(status)) return;
  // Not where the browser keeps the page from reading images.
  const local = probability === undefined ? null : { numeral: numeral ?? null, probability };
  const outcome = await keep({ ...question, local }, status, retryAfter).catch(() => "none");
  const next = Date.now() + (retryAfter ?? 0) * 1000;
  keptNotice.show(() => {
    const own = local && text("local", { reading: reading(local) });
    return [own, fate(outcome, status, next), outcome === "dropped" && text("dropped")].filter(Boolean).join(" ");
  });
  if (user !== null && outcome !== "none") registration?.sync?.register("asked").catch(() => {});
}

// What happens to a question that was kept just now.
function fate(outcome, status, next) {
  if (outcome === "none") return text("not_kept");
  if (outcome === "large") return text("too_large");
  if (status === 401) return text(user === null ? "kept_until_account" : "kept_until_session");
  return status === 429 ? text("kept_until_quota", { when: until(next) }) : text("kept_until_server");
}

// Sends what this account has asked and is due. Without Background Sync nothing else does.
const sendOwn = (isDue) => quietly(() => sendAll((record) => record.user === user && isDue(record)));
const isDue = (record) => record.status !== 401 && record.next <= Date.now();
// What is due now that the server can be reached.
const isReachable = (record) => isDue(record) || ![401, 429].includes(record.status);

// The service worker.
let registration;
let checked = Date.now();
let reload;
const newVersion = notice([["update", () => reload()], ["later", () => newVersion.hide()]]);

async function register() {
  if (!BUILD || !navigator.serviceWorker) return;
  registration = await navigator.serviceWorker.register("/worker.js");
  if (!registration) return;
  if (registration.waiting) offer(registration.waiting);
  const watch = (worker) =>
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed") offer(worker);
    });
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
}

// A worker of this page's own build takes over at once. One of another build has come with a new version of the page.
function offer(worker) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    if (data === BUILD) return worker.postMessage("activate");
    reload = () => update(worker);
    newVersion.show(() => text("new_version"));
  };
  worker.postMessage("build", [port2]);
}

// Loads the page again, with what is drawn.
function update(worker) {
  const load = () => {
    // draw/persistence.rs stores it.
    dispatchEvent(new Event("leave"));
    location.reload();
  };
  if (worker.state !== "installed") return load();
  navigator.serviceWorker.addEventListener("controllerchange", load, { once: true });
  worker.postMessage("activate");
}

// At most once an hour.
function checkForUpdate() {
  if (!registration || Date.now() - checked < 3600e3) return;
  checked = Date.now();
  registration.update().catch(() => {});
}

async function start() {
  const started = Date.now();
  const waited = globalThis.asked.questions.splice(0);
  const isAsked = waited.length > 0;
  globalThis.asked = (...question) => void quietly(() => asked(...question));
  await Promise.all(waited.map((question) => quietly(() => asked(...question))));
  const old = (await records()).filter(isOld);
  if (old.length > 0) await forget(old.map(({ id }) => id));
  kept = (await records()).filter(isOwn);
  render();
  const hasNews = kept.some(({ state, seen }) => state !== "answered" || !seen);
  if (hasNews && !isAsked) keptNotice.show(() => kept.length > 0 && text("count", { count: kept.length }));
  // What waited for this account to sign in, and what was asked without a network, when this script couldn't be loaded either.
  const isReady = ({ status, at }) => (at < started ? status === 401 && !isKeptPage : status === 0);
  await sendOwn((record) => isDue(record) || isReady(record));
}

const add = () => {
  document.body.append(notices, dialog);
  // Live regions read out what they are given after they are there.
  requestAnimationFrame(render);
};
sheet.addEventListener("load", add);
sheet.addEventListener("error", add);
document.head.append(sheet);
new MutationObserver(() => {
  if (TEXTS[root.lang]) language = root.lang;
  render();
}).observe(root, { attributes: true, attributeFilter: ["lang"] });
addEventListener("online", () => {
  sendOwn(isReachable);
  checkForUpdate();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  sendOwn(isDue);
  checkForUpdate();
});
setInterval(() => {
  if (kept.some((record) => isWaiting(record) && isDue(record))) sendOwn(isDue);
}, RETRY_AFTER);
quietly(register);
quietly(start);
