// What the server was asked and couldn't answer, in this browser's IndexedDB. Pages and the service worker share this code.
//
// A record has the question (`user`, `path`, `name`, `type`, `bytes`), the page's own answer (`local`), the time when it was
// kept (`at`), and a state:
//   waiting   `status` says why, 0 if nothing was received; not before `next`
//   sending   since `since`
//   answered  `answer`; `seen` when the visitor has seen it
//   failed    `code` says why the server won't read it
// `user` is the id of the account that asked, null if nobody was signed in.

// What is kept at most: records, and bytes of their images.
const MOST_RECORDS = 20;
const MOST_BYTES = 5e6;
// In milliseconds: how long a record is kept, how long sending one takes at most, and when it is tried again if the server
// doesn't say.
const KEPT_FOR = 30 * 24 * 3600e3;
const SENDING_FOR = 60e3;
const RETRY_AFTER = 60e3;

const channel = self.BroadcastChannel && new BroadcastChannel("asked");

// Called after each change by this page or worker; `channel` tells the others.
let onChange = () => {};

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opened;
function database() {
  if (!opened) {
    const request = indexedDB.open("trazo", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("asked", { keyPath: "id", autoIncrement: true });
    opened = settled(request);
    // The next call tries again.
    opened.catch(() => { opened = undefined; });
  }
  return opened;
}

// Runs `work` with the records in one transaction. `work` awaits nothing but its requests.
async function change(work) {
  const transaction = (await database()).transaction("asked", "readwrite");
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const [result] = await Promise.all([work(transaction.objectStore("asked")), ended]);
  channel?.postMessage(null);
  onChange();
  return result;
}

// All records, the oldest first.
async function records() {
  const store = (await database()).transaction("asked").objectStore("asked");
  return settled(store.getAll());
}

const isOld = (record) => record.at < Date.now() - KEPT_FOR;

// Whether the server may answer later what it has answered with this status; 0 is none.
const isLater = (status) => [0, 401, 408, 429].includes(status) || status >= 500;

const isBeingSent = (record) => record.state === "sending" && record.since > Date.now() - SENDING_FOR;

const isWaiting = (record) => record.state === "waiting" || (record.state === "sending" && !isBeingSent(record));

const waiting = (status, seconds) => ({
  state: "waiting",
  status,
  next: Date.now() + (seconds > 0 ? seconds * 1000 : RETRY_AFTER),
});

// Whether a record is this question, or that of a visitor who has signed in since.
function isSame(record, { user, path, bytes }) {
  const isOwn = record.user === user || record.user === null;
  if (!isOwn || record.state === "answered" || record.path !== path || record.bytes.byteLength !== bytes.byteLength) {
    return false;
  }
  const [one, other] = [new Uint8Array(record.bytes), new Uint8Array(bytes)];
  return one.every((byte, index) => byte === other[index]);
}

// Keeps a question once, however often it is asked. Returns what happened: "kept"; "dropped", if the oldest records had to go,
// answered ones before others; or "large", if it isn't kept.
async function keep(question, status, retryAfter) {
  const { byteLength } = question.bytes;
  if (byteLength > MOST_BYTES) return "large";
  return change(async (store) => {
    const all = await settled(store.getAll());
    const same = all.find((record) => isSame(record, question));
    if (same) {
      if (!isBeingSent(same)) store.put({ ...same, user: question.user, ...waiting(status, retryAfter) });
      return "kept";
    }
    const isAnswered = ({ state }) => state === "answered";
    const inOrder = [...all.filter(isAnswered), ...all.filter((record) => !isAnswered(record))];
    const size = () => inOrder.reduce((sum, { bytes }) => sum + bytes.byteLength, byteLength);
    let outcome = "kept";
    while (inOrder.length >= MOST_RECORDS || size() > MOST_BYTES) {
      store.delete(inOrder.shift().id);
      outcome = "dropped";
    }
    store.add({ ...question, at: Date.now(), ...waiting(status, retryAfter) });
    return outcome;
  });
}

// Removes records for good.
const forget = (ids) => change((store) => Promise.all(ids.map((id) => settled(store.delete(id)))));

// Removes what was asked again meanwhile, and answered.
async function forgetSame(question) {
  const same = (await records()).filter((record) => isSame(record, question));
  if (same.length > 0) await forget(same.map(({ id }) => id));
}

// Sends one record, unless it is being sent. What nobody was signed in for takes a `sender`, who has asked for it.
async function send(id, sender) {
  const record = await change(async (store) => {
    const found = await settled(store.get(id));
    if (!found || found.state === "answered" || isBeingSent(found)) return undefined;
    const claimed = { ...found, user: found.user ?? sender, state: "sending", since: Date.now() };
    if (claimed.user === undefined) return undefined;
    store.put(claimed);
    return claimed;
  });
  if (!record) return;
  const outcome = await exchange(record);
  await change(async (store) => {
    // It may have been removed meanwhile.
    const found = await settled(store.get(id));
    if (found) store.put({ ...found, ...outcome });
  });
}

async function exchange({ path, name, type, bytes, user }) {
  const body = new FormData();
  body.append("file", new Blob([bytes], { type }), name);
  try {
    const response = await fetch(path, {
      method: "POST",
      body,
      // The server refuses it if another account is signed in.
      headers: { accept: "application/json", "x-user-id": String(user) },
      signal: AbortSignal.timeout(SENDING_FOR),
    });
    if (isLater(response.status)) return waiting(response.status, Number(response.headers.get("retry-after")));
    const found = await response.json();
    if (!response.ok) return { state: "failed", code: found.code };
    const numeral = found.numero ?? found.prediccion;
    // Something on the way has answered in place of the server.
    if (numeral === undefined) return waiting(0);
    const answer = { numeral: String(numeral).replaceAll("\n", " "), probability: found.probabilidad, notice: found.aviso };
    return { state: "answered", answer, seen: false };
  } catch {
    return waiting(0);
  }
}

// Sends what is waiting and due, one after the other.
async function sendAll(isDue) {
  for (const { id } of (await records()).filter((record) => record.user !== null && isWaiting(record) && isDue(record))) {
    await send(id);
  }
}
