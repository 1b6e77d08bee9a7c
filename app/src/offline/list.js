// The list of what is kept for this account.

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
      // What was kept without an account is for the one that is signed in now, if it says so.
      const needsSession = isOpen && (user === null || (record.user !== null && record.status === 401));
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
