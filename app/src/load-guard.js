(() => {
  const root = document.documentElement;
  const wasm = globalThis.WebAssembly;
  // Why the page doesn't work: its notice depends on it (load_notices.rs).
  const fail = (cause) => { root.dataset.failed = cause; };
  // The page that is navigated to, the one that this was asked for on, and whether it is loaded as a whole.
  let to, from, isLeaving = false;
  const check = (reason) => {
    if (!wasm || isLeaving) return;
    if (reason instanceof wasm.RuntimeError) {
      // After a deploy the code of a page that is loaded on demand is gone: load that page as a whole. In the document
      // that is loaded nothing was navigated to, so this happens once.
      isLeaving = Boolean(to) && from === location.href;
      // What is drawn is stored (draw/persistence.rs): the page isn't left through its code.
      dispatchEvent(new Event("leave"));
      if (!isLeaving) fail("stopped");
      else if (to === from) location.reload();
      else location.assign(to);
    } else if (!root.dataset.hydrated && !root.dataset.failed) {
      // Before the page is ready any error means that it can't load.
      fail(reason instanceof wasm.CompileError || reason instanceof EvalError ? "unsupported" : "incomplete");
    }
  };
  if (!wasm) fail("unsupported");
  addEventListener("error", (event) => { if (event.error) check(event.error); });
  addEventListener("unhandledrejection", (event) => check(event.reason));
  // A translator has replaced the texts that the page's code would change: the next page has to be another document.
  const isTranslated = () => document.querySelector("font") !== null;
  // After a failure, what is left of the code would cancel clicks and do nothing.
  addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    if (root.dataset.failed || (link && isTranslated())) event.stopImmediatePropagation();
    if (!link) return;
    const { href } = link, here = location.href;
    // Known when all listeners have run.
    setTimeout(() => { if (event.defaultPrevented) [to, from] = [href, here]; });
  }, true);
  addEventListener("submit", (event) => { if (root.dataset.failed) event.stopImmediatePropagation(); }, true);
  addEventListener("popstate", (event) => {
    // A link within the page has a hash.
    if (!location.hash && isTranslated()) { event.stopImmediatePropagation(); location.reload(); }
    to = from = location.href;
  }, true);
  // A page restored from the back-forward cache may show a user who has signed out since, or none who has signed in. It is
  // asked here, because the page's code may not run.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (isLeaving || document.getElementById("me")) location.reload();
    else fetch("/api/me").then((response) => { if (response.ok) location.reload(); }, () => {});
  });
  // What works without the server (offline/page.js) is loaded when the page has been ready for some seconds, or when it is
  // told of the first question to the server. Questions wait in a list until it is loaded: without a network it is tried again.
  const questions = [];
  let script, timer;
  const load = () => {
    if (script) return;
    script = document.createElement("script");
    script.type = "module";
    // Beside the folder of the page's other files.
    script.src = document.getElementById("style").href.replace(/pkg\/.*/, "offline.js");
    script.onerror = () => {
      script = undefined;
      clearTimeout(timer);
      timer = setTimeout(again, 6e4);
    };
    document.head.append(script);
  };
  const again = () => { if (questions.length > 0) load(); };
  // One more than the script keeps, which then says that the oldest went.
  globalThis.asked = (...question) => { questions.push(question); questions.splice(0, questions.length - 21); load(); };
  globalThis.asked.questions = questions;
  addEventListener("online", again);
  new MutationObserver((_, observer) => {
    if (!root.dataset.hydrated) return;
    observer.disconnect();
    setTimeout(load, 5e3);
  }).observe(root, { attributes: true });
})();
