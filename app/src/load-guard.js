(() => {
  const root = document.documentElement;
  const failed = () => { root.dataset.failed = "true"; };
  // Before the page is ready any error means that it can't load; later only a WASM trap stops it.
  const check = (reason) => {
    if (!root.dataset.hydrated || reason instanceof WebAssembly.RuntimeError) failed();
  };
  if (typeof WebAssembly === "undefined") failed();
  addEventListener("error", (event) => { if (event.error) check(event.error); });
  addEventListener("unhandledrejection", (event) => check(event.reason));
  // A page restored from the back-forward cache may show a user who has signed out since.
  addEventListener("pageshow", (event) => { if (event.persisted && document.getElementById("me")) location.reload(); });
})();
