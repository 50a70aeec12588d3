// The page's side of being offline: it says so, and sends what was kept once the network is back.

import { account, flush, stored } from "./api.js";

const AGAIN = 20000; // milliseconds between looks for what still waits

class OfflineNotice extends HTMLElement {
  connectedCallback() {
    window.ononline = window.onoffline = () => this.tell();
    document.addEventListener("submit", ({ target }) => this.leave(target));
    setInterval(() => this.send(), AGAIN);
    // What the player kept for a reload is for who was signed in.
    if (!account) sessionStorage.clear();
    this.tell();
    navigator.serviceWorker?.register("/sw.js");
  }

  tell() {
    this.firstChild.textContent = navigator.onLine ? "" : this.dataset.sayOff;
    this.send();
  }

  /** One tab at a time. Without network or storage it waits for the next look. */
  async send() {
    if (!account || !navigator.onLine) return;
    const sent = await (navigator.locks?.request("kept", flush) ?? flush()).catch(() => 0);
    if (sent) this.firstChild.textContent = this.dataset.saySent;
  }

  /** Who signs out leaves nothing here. */
  leave({ action }) {
    if (!/\/(logout|erasure)\/$/.test(action)) return;
    stored((kept) => kept.clear());
    localStorage.clear();
  }
}

customElements.define("offline-notice", OfflineNotice);
