// The page's own behaviour. Everything works without it except camera and player.

import "./camera.js";
import "./photo.js";
import "./player.js";
import { toast, watchToasts } from "./toasts.js";

document.documentElement.classList.add("js");
watchToasts(document.getElementById("toasts"));

// A swapped page starts where a loaded one would: at its content, for keyboard and screen reader.
document.addEventListener("htmx:afterSwap", ({ target, detail }) => {
  if ((detail.target ?? target).id === "page") {
    document.getElementById("main")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
});

// A refused piece of a page must not replace it: the refusal is told beside it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (xhr.status < 400 || target.id === "page") return;
  event.detail.shouldSwap = false;
  const plain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  toast(plain ? xhr.responseText : "That did not work. Reload the page and try again.");
});
document.addEventListener("htmx:sendError", () => toast("The server cannot be reached."));

// A menu closes on Escape and on a click elsewhere.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.nope[open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches?.("details.nope[open]")) return;
    // Upwards where the player or the window's edge would cut it off.
    const floor = document.querySelector(".player.is-open")?.getBoundingClientRect().top ?? window.innerHeight;
    target.classList.remove("nope--up");
    const { bottom, height } = target.querySelector(".nope__menu").getBoundingClientRect();
    target.classList.toggle("nope--up", bottom > floor && target.getBoundingClientRect().top > height);
  },
  true, // toggle events do not bubble
);
document.addEventListener("click", ({ target }) => closeMenus(target.closest("details.nope")));
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  const open = document.querySelector("details.nope[open]");
  closeMenus();
  open?.querySelector("summary").focus();
});

// "/" leads to the search of a page that has one.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});
