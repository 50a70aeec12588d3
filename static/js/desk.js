// The curation desk: a song a screen, labelled by keyboard, the next ones fetched ahead.

import { fill, words } from "./player-song.js";
import { toast } from "./toasts.js";

const STEP = 5; // seconds for an arrow key
const AHEAD = 2; // songs fetched ahead, their sound with them
const OWN = { Enter: "button, a, summary", " ": "button, a, summary, audio, input" }; // what these keys are for

/** The song's card that an answer holds, if it holds one. */
const cardIn = (html) => new DOMParser().parseFromString(html, "text/html").querySelector(".desk-card");

/** Resolves to the answer, or to nothing without a network. */
const ask = (address, options) => fetch(address, { headers: { "HX-Request": "true" }, ...options }).catch(() => {});

class DeskPanel extends HTMLElement {
  connectedCallback() {
    this.cards = this.querySelector("[data-now]"); // the first is shown
    this.undos = [];
    this.times = [];
    this.sent = new Set();
    // Before the player's own keys: at the desk they mean this song.
    addEventListener("keydown", this, true);
    this.oninput = ({ target }) => {
      if (target.type === "range") target.form.elements.placed.checked = true;
    };
    this.onclick = ({ target }) => {
      if (target.closest("[data-undo]")) this.undo();
      if (!target.closest("audio")) this.start();
    };
    this.onsubmit = (event) => {
      if (!this.dataset.card) return; // one song's own page: nothing comes after it
      event.preventDefault();
      this.send(event.target, event.submitter);
    };
    this.begin();
  }

  disconnectedCallback() {
    removeEventListener("keydown", this, true);
  }

  get card() {
    return this.cards.firstElementChild;
  }

  get audio() {
    return this.card?.querySelector("audio");
  }

  // --- One song ----------------------------------------------------------------------------------

  begin() {
    this.shown = performance.now();
    if (this.started) this.play();
    if (this.card) this.fetchAhead();
  }

  /** Sound needs one deed of the curator first: browsers want it so. */
  start() {
    if (!this.started) this.play();
  }

  play() {
    this.started = true;
    document.querySelector("music-player audio")?.pause();
    this.audio?.play().catch(() => {});
  }

  show() {
    const { card } = this;
    if (card) {
      this.say(card.dataset.title);
      card.querySelector("h2").focus({ preventScroll: true });
    }
    this.begin();
  }

  /** Put a card before the curator; the present one is kept for afterwards. */
  bring(card) {
    this.audio?.pause();
    this.cards.prepend(card);
    this.show();
  }

  /** Whoever asks while songs are fetched waits for the same. */
  fetchAhead() {
    this.fetching ??= this.fetchCards().finally(() => (this.fetching = null));
    return this.fetching;
  }

  async fetchCards() {
    const { card: address, kind, blind } = this.dataset;
    const { children } = this.cards;
    while (address && children.length <= AHEAD) {
      const not = [...this.sent, ...[...children].map(({ dataset }) => dataset.song)];
      const response = await ask(`${address}?${new URLSearchParams({ kind, blind, not })}`);
      if (!response) toast(document.body.dataset.sayOffline);
      const card = response?.ok && cardIn(await response.text());
      if (!card) return;
      this.cards.append(card);
    }
  }

  // --- What is done ------------------------------------------------------------------------------

  /** Save or skip, and go on at once; the card comes back where that failed. */
  async send(form, button) {
    const { card, sent } = this;
    const { song } = card.dataset;
    const seconds = (performance.now() - this.shown) / 1000;
    const body = new FormData(form);
    const { sayNone } = button.dataset;
    if (sayNone && !body.has("moods") && !body.has("ambiguous")) return toast(sayNone);
    body.set("seconds", seconds.toFixed(2));
    // The song stays out of what is fetched until the server knows what became of it.
    sent.add(song);
    const sending = ask(button.getAttribute("formaction") ?? form.action, { method: "POST", body });
    if (this.cards.children.length < 2) await this.fetchAhead();
    card.remove();
    this.show();
    const { undo, title } = (await this.hear(await sending, card)) ?? {};
    sent.delete(song);
    if (!undo) return;
    this.undos.push(undo);
    const number = this.times.push(seconds);
    const mean = this.times.reduce((sum, one) => sum + one) / number;
    fill(this, { number, mean: mean.toFixed(1), title });
  }

  async undo() {
    const address = this.undos.pop();
    const { sayNothing, sayUndone } = this.dataset;
    if (!address) return toast(sayNothing);
    const body = new FormData(this.card.querySelector("form"));
    const card = await this.hear(await ask(address, { method: "POST", body }));
    if (!card) return;
    this.times.pop();
    this.say(words(sayUndone, card.dataset));
  }

  /** Resolves to the card or the JSON of an answer; a refusal is told, and `failed` comes back. */
  async hear(response, failed) {
    const { sayOffline, sayOut, sayFailed } = this.dataset;
    const { ok, status, redirected, headers } = response ?? {};
    const text = await response?.text();
    const card = text && cardIn(text);
    if (card) this.bring(card);
    else if (ok && !redirected) return text && JSON.parse(text);
    else {
      const plain = headers?.get("Content-Type").startsWith("text/plain");
      toast(!response ? sayOffline : redirected ? sayOut : plain ? text : sayFailed);
      if (failed && status !== 409) this.bring(failed);
    }
    return card;
  }

  // --- Keys ----------------------------------------------------------------------------------------

  handleEvent(event) {
    const { key, target, repeat } = event;
    const { card, audio } = this;
    // Where a key has a meaning of its own, it keeps it.
    const arrow = key.startsWith("Arrow");
    const own = OWN[key] ?? (arrow ? "[type=range]" : "textarea");
    const busy = `${own}, select, textarea, input:not([type=checkbox], [type=range])`;
    if (!card || event.ctrlKey || event.metaKey || event.altKey || target.closest(busy)) return;
    const named = card.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
    const pad = card.querySelector("mood-pad");
    const seconds = { ArrowLeft: -STEP, ArrowRight: STEP }[key];
    if (named?.name === "placed") {
      pad.set([0, 0]);
      named.checked = false;
    } else if (named) {
      if (!repeat) named.click();
    } else if (arrow && event.shiftKey && pad) pad.step(key);
    else if (seconds && audio) audio.currentTime += seconds;
    else if (key !== " " || !audio) return;
    else if (audio.paused) this.play();
    else if (!repeat) audio.pause();
    if (key !== " ") this.start();
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  say(text) {
    this.querySelector("[data-said]").textContent = text;
  }
}

customElements.define("desk-panel", DeskPanel);
