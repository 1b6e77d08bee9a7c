// The texts of the page's script, and its notices.

const root = document.documentElement;
const sheet = element("link", { rel: "stylesheet", href: document.getElementById("style").href.replace(/pkg\/.*/, "offline.css") });

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

// Notices at the lower edge of the window, over the page: nothing moves. They are in the document once their styles are.
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
    const said = (notices.isConnected && content()) || "";
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
