// Single keys click what names them in data-key; they can be turned off (WCAG 2.1.4).

export function watchKeys(player) {
  const wanted = document.querySelector("[data-keys]");
  wanted.checked = localStorage.keys !== "off";
  wanted.onchange = () => (localStorage.keys = wanted.checked ? "on" : "off");

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    const named = key.length > 1;
    // Where a key has a meaning of its own, it keeps it.
    const busy = named ? "input" : key === " " ? "input, button, a, summary" : "input:not([type=radio], [type=range])";
    if (!wanted.checked || player.hidden || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest(`textarea, select, [contenteditable], ${busy}`)) return;
    const name = key === " " ? "Space" : named && event.shiftKey ? `Shift+${key}` : named ? key : key.toLowerCase();
    const button = [...player.querySelectorAll("[data-key]")].find((one) => one.dataset.key.split(" ").includes(name));
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
