// What a page does where the server can't answer: it says which answer is the page's own, keeps the question, shows what is
// kept, and sends it. It also registers the service worker, and offers a new version of the page.

const root = document.documentElement;
const sheet = element("link", { rel: "stylesheet", href: document.getElementById("style").href.replace(/pkg\/.*/, "offline.css") });

// The account that is signed in, as the document says. A kept page doesn't know it: there it is the one that was signed in
// last, and the server refuses what is sent for it if another one is by then.
const REMEMBERED = "trazo-user";
const isKeptPage = "shell" in root.dataset;
const user = currentUser();

function currentUser() {
  const me = document.getElementById("me");
  const id = me && JSON.parse(me.textContent).id;
  try {
    if (isKeptPage) return JSON.parse(localStorage.getItem(REMEMBERED));
    if (id === null) localStorage.removeItem(REMEMBERED);
    else localStorage.setItem(REMEMBERED, id);
  } catch {
    // The browser denies access to its storage.
  }
  return id;
}

// The texts in the page's language. A translator changes the document's language to others.
let language = TEXTS[root.lang] ? root.lang : document.getElementById("app").dataset.locale;
const text = (name, values = {}) => fill(TEXTS[language][name], values);
const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const percent = (share) =>
  new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(share);
const date = (time) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(time);

// The time until `time`, in words and in the unit that fits.
function until(time) {
  const seconds = Math.max(1, Math.ceil((time - Date.now()) / 1000));
  const [count, unit] =
    seconds < 120 ? [seconds, "second"] : seconds < 7200 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.RelativeTimeFormat(language).format(Math.ceil(count), unit);
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Live regions read out what is written again.
function write(node, content) {
  if (node.textContent !== content) node.textContent = content;
}

// Notices at the lower edge of the window, over the page: nothing moves.
const notices = element("aside", { className: "offline" });
notices.translate = false;

// A notice with its buttons, each a text and what it does. Empty until `show` is given the content.
function notice(buttons) {
  const words = element("p", {});
  words.setAttribute("role", "status");
  const made = buttons.map(([label, press]) => [label, element("button", { type: "button", onclick: press })]);
  const ways = element("div", { className: "ways", hidden: true }, ...made.map(([, button]) => button));
  const box = element("div", { className: "offline-notice" }, words, ways);
  notices.append(box);
  let content = () => "";
  const render = () => {
    const said = content() || "";
    write(words, said);
    for (const [label, button] of made) write(button, text(label));
    ways.hidden = !said;
    box.classList.toggle("shown", Boolean(said));
  };
  return {
    render,
    show(next) {
      content = next;
      render();
    },
    hide() {
      content = () => "";
      render();
      // The button that had the focus is gone.
      focusPage();
    },
  };
}

const focusPage = () => document.querySelector("main")?.focus({ preventScroll: true });

const keptNotice = notice([["open", openList], ["hide", () => keptNotice.hide()]]);

// The list of what is kept, and its parts by the id of their record.
const heading = element("h2", { id: "offline-title" });
const intro = element("p", { className: "small" });
const list = element("ul", {});
const close = element("button", { type: "button", onclick: () => dialog.close() });
const dialog = element("dialog", { className: "offline-list", onclose: focusPage }, heading, intro, list, close);
dialog.setAttribute("aria-labelledby", heading.id);
dialog.translate = false;
const items = new Map();
let kept = [];

const isOwn = (record) => record.user === user || record.user === null;

function openList() {
  keptNotice.hide();
  dialog.showModal();
  seeAnswers();
}

// The answers are seen while the list is open.
function seeAnswers() {
  const isNew = (record) => record.state === "answered" && !record.seen;
  if (!dialog.open || !kept.some(isNew)) return;
  const ids = kept.filter(isNew).map(({ id }) => id);
  change(async (store) => {
    for (const id of ids) {
      const found = await settled(store.get(id));
      if (found) store.put({ ...found, seen: true });
    }
  }).catch(() => {});
}

function reading({ numeral, probability }) {
  return numeral === null ? text("no_digit") : text("reading", { numeral, percent: percent(probability) });
}

function state(record) {
  if (isBeingSent(record)) return text("sending");
  if (record.state === "failed") {
    return [text("failed"), TEXTS[language].refusals[record.code]].filter(Boolean).join(" ");
  }
  if (record.state === "answered") {
    const { numeral, probability, notice } = record.answer;
    if (["imagen_vacia", "no_parece_un_digito"].includes(notice)) return text("answered_no_digit");
    return text("answered", { numeral, percent: percent(probability) });
  }
  if (record.user === null) return text(user === null ? "until_account" : "until_asked");
  if (record.status === 401) return text("until_session");
  return record.status === 429 ? text("until_quota", { when: until(record.next) }) : text("until_server");
}

function item(record) {
  const { id, bytes, type } = record;
  const image = element("img", { alt: "", src: URL.createObjectURL(new Blob([bytes], { type })) });
  const drawn = element("strong", { id: `offline-${id}` });
  const local = element("p", {});
  const words = element("p", {});
  words.setAttribute("role", "status");
  // Loaded as a whole page, which this list isn't on.
  const signIn = element("a", { className: "button", href: "/login", rel: "external" });
  const now = element("button", { type: "button", onclick: () => send(id, user ?? undefined) });
  const remove = element("button", { type: "button", onclick: () => drop(id) });
  for (const button of [now, remove]) button.setAttribute("aria-describedby", drawn.id);
  const ways = element("div", { className: "ways" }, now, signIn, remove);
  const row = element("li", {}, image, element("div", {}, drawn, local, words, ways));
  return {
    row,
    end() {
      row.remove();
      URL.revokeObjectURL(image.src);
    },
    render(record) {
      write(drawn, text("drawn", { date: date(record.at) }));
      write(local, record.local ? text("local", { reading: reading(record.local) }) : "");
      write(words, state(record));
      write(now, text("send"));
      write(signIn, text("sign_in"));
      write(remove, text("remove"));
      const isOpen = record.state !== "answered" && !isBeingSent(record);
      const needsSession = isOpen && (user === null || record.status === 401);
      now.hidden = !isOpen || needsSession;
      signIn.hidden = !needsSession;
    },
  };
}

async function drop(id) {
  // What has the focus goes.
  close.focus();
  await forget([id]);
}

function render() {
  notices.lang = dialog.lang = language;
  notices.setAttribute("aria-label", text("notices"));
  keptNotice.render();
  newVersion.render();
  write(heading, text("title"));
  write(intro, text(kept.length > 0 ? "intro" : "empty"));
  write(close, text("close"));
  for (const [id, { end }] of items) {
    if (kept.some((record) => record.id === id)) continue;
    end();
    items.delete(id);
  }
  for (const record of kept) {
    let found = items.get(record.id);
    if (!found) {
      found = item(record);
      items.set(record.id, found);
      list.prepend(found.row);
    }
    found.render(record);
  }
}

const newAnswers = () => kept.filter(({ state, seen }) => state === "answered" && !seen).length;

async function refresh() {
  const before = newAnswers();
  kept = (await records()).filter(isOwn);
  render();
  seeAnswers();
  if (newAnswers() > before && !dialog.open) keptNotice.show(() => text("answers", { count: newAnswers() }));
}

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
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed") offer(worker);
    });
  });
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
  const { questions } = globalThis.asked;
  const isAsked = questions.length > 0;
  globalThis.asked = (...question) => void quietly(() => asked(...question));
  for (const question of questions.splice(0)) globalThis.asked(...question);
  const old = (await records()).filter(isOld);
  if (old.length > 0) await forget(old.map(({ id }) => id));
  kept = (await records()).filter(isOwn);
  render();
  const hasNews = kept.some(({ state, seen }) => state !== "answered" || !seen);
  if (hasNews && !isAsked) keptNotice.show(() => kept.length > 0 && text("count", { count: kept.length }));
  // What waited for this account to sign in.
  await sendOwn((record) => isDue(record) || (record.status === 401 && !isKeptPage));
}

document.head.append(sheet);
document.body.append(notices, dialog);
render();
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
