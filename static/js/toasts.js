// Short messages at the foot of the page that go by themselves, but not while somebody uses them.

const LIFETIME = 8000; // milliseconds

export function toast(words) {
  const item = Object.assign(document.createElement("div"), { className: "toast", textContent: words });
  document.getElementById("toasts").prepend(item);
}

export function watchToasts(shelf) {
  const expire = (item) => {
    setTimeout(() => (item.matches(":hover, :focus-within") ? expire(item) : item.remove()), LIFETIME);
  };
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node.nodeType === Node.ELEMENT_NODE) expire(node);
    }
  }).observe(shelf, { childList: true });
  shelf.addEventListener("submit", ({ target }) => (target.closest(".toast").hidden = true));
}
