(() => {
  const root = document.documentElement;
  const failed = () => { root.dataset.failed = "true"; };
  // Before the page is ready any failure is ours; later only a stopped program is.
  const watch = (reason) => {
    if (!root.dataset.hydrated || reason instanceof WebAssembly.RuntimeError) failed();
  };
  if (typeof WebAssembly === "undefined") failed();
  addEventListener("error", (event) => { if (event.error) watch(event.error); });
  addEventListener("unhandledrejection", (event) => watch(event.reason));
  // A page kept for "back" may show what a user saw who has signed out since.
  addEventListener("pageshow", (event) => { if (event.persisted && document.getElementById("me")) location.reload(); });
})();
