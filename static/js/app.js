// The page's own behaviour. Everything works without it except camera and player.

import { account } from "./api.js";
import { toast, watchToasts } from "./toasts.js";

// What only some pages have is fetched when one of them comes.
const PARTS = {
  "camera-panel": () => import("./camera-door.js"),
  "mood-pad": () => import("./mood-pad.js"),
  "music-player": () => import("./player.js"),
  "offline-notice": () => import("./offline.js"),
  "photo-panel": () => import("./photo.js"),
  "day-links": () => import("./journal.js"),
  "replay-now": () => import("./journal.js"),
  "sortable-list": () => import("./sortable.js"),
};

function fetchParts() {
  for (const [name, fetchIt] of Object.entries(PARTS)) {
    if (!customElements.get(name) && document.querySelector(name)) fetchIt();
  }
}
fetchParts();

const on = document.addEventListener.bind(document);

// The camera's code comes with the click that asks for it.
on("click", async ({ target }) => {
  const list = target.closest("[data-follow]")?.dataset.follow;
  if (!list) return;
  await import("./live.js");
  document.querySelector("live-session").start(list);
});

document.documentElement.classList.add("js");
watchToasts(document.getElementById("toasts"));

on("htmx:afterSwap", ({ target, detail }) => {
  fetchParts();
  // A swapped page starts where a loaded one would: at its content, for keyboard and screen reader.
  if ((detail.target ?? target).id === "page") {
    document.getElementById("main")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
});

// A refused piece of a page must not replace it: the refusal is told beside it.
on("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  const page = target.id === "page";
  // Signed out or in elsewhere: what stands beside the page is for another account, and goes too.
  const [, whose = account] = /data-account="(.*?)"/.exec(xhr.responseText) ?? [];
  if (xhr.status < 400 && whose !== account) {
    event.preventDefault();
    location = page ? xhr.responseURL : location.pathname;
  }
  if (xhr.status < 400 || page) return;
  event.detail.shouldSwap = false;
  const plain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  toast(plain ? xhr.responseText : document.body.dataset.sayFailed);
});
on("htmx:sendError", () => toast(document.body.dataset.sayOffline));

// A menu closes on Escape and on a click elsewhere.
const OPEN = "details.menu[open], details.nope[open]";

on(
  "toggle",
  ({ target }) => {
    if (!target.matches?.("details.nope[open]")) return;
    // Upwards where the player or the window's edge would cut it off.
    const floor = document.querySelector(".player.is-open")?.getBoundingClientRect().top ?? innerHeight;
    target.classList.remove("nope--up");
    const { bottom, height } = target.querySelector(".nope__menu").getBoundingClientRect();
    target.classList.toggle("nope--up", bottom > floor && target.getBoundingClientRect().top > height);
  },
  true, // toggle events do not bubble
);
on("click", ({ target }) => {
  for (const menu of document.querySelectorAll(OPEN)) menu.open = menu.contains(target);
});

on("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(OPEN);
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  // "/" leads to the search of a page that has one.
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// Dark or light: the server keeps the choice and tells the page (moodmusic.theme).
on("theme", ({ target, detail }) => {
  document.documentElement.dataset.theme = detail.value;
  for (const button of target.elements.theme) button.ariaPressed = button.value === detail.value;
});
