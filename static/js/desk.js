// The curation desk: a song a screen, labelled by keyboard, the next one fetched ahead.

import "./mood-map.js";
import { toast } from "./toasts.js";

const STEP = 5; // seconds for an arrow key
const NUDGE = 0.1; // of the plane, for Shift and an arrow
const INTRO = 60; // seconds; longer songs begin at a third, past their opening
const AHEAD = 2; // songs fetched ahead, their sound with them
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class DeskPanel extends HTMLElement {
  connectedCallback() {
    this.now = this.querySelector("[data-now]");
    this.ahead = this.querySelector("[data-ahead]");
    this.undos = [];
    this.times = [];
    this.onKeys = (event) => this.key(event);
    // Before the player's own keys: at the desk they mean this song.
    window.addEventListener("keydown", this.onKeys, true);
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("submit", (event) => this.submit(event));
    this.addEventListener("input", ({ target }) => {
      if (target.type !== "range") return;
      target.form.elements.placed.checked = true;
      this.drawPoint();
    });
    this.addEventListener("change", ({ target }) => target.name === "placed" && this.drawPoint());
    this.addEventListener("pointerdown", (event) => this.drag(event));
    this.single = this.hasAttribute("data-single"); // one song's own page: nothing comes after it
    if (this.card) this.begin();
  }

  disconnectedCallback() {
    window.removeEventListener("keydown", this.onKeys, true);
  }

  get card() {
    return this.now.firstElementChild;
  }

  get form() {
    return this.card?.querySelector("form.desk-form");
  }

  get audio() {
    return this.card?.querySelector("audio");
  }

  // --- One song ----------------------------------------------------------------------------------

  begin() {
    this.shown = performance.now();
    for (const dot of this.card.querySelectorAll("[data-v]")) place(dot, dot.dataset.v, dot.dataset.a);
    this.drawPoint();
    if (this.started) this.play();
    this.fetchAhead();
  }

  /** Sound needs one deed of the curator first: browsers want it so. */
  start() {
    if (this.started) return;
    this.started = true;
    document.querySelector("music-player audio")?.pause();
    this.play();
  }

  play() {
    const { audio } = this;
    if (!audio) return;
    const go = () => {
      if (audio.duration > INTRO && audio.currentTime === 0) audio.currentTime = audio.duration / 3;
    };
    if (audio.readyState > 0) go();
    else audio.addEventListener("loadedmetadata", go, { once: true });
    audio.play().catch(() => {});
  }

  /** Put a card before the curator; `later` keeps the present one for afterwards. */
  show(card, { later = false } = {}) {
    this.audio?.pause();
    if (later && this.card) this.ahead.prepend(this.card);
    this.now.replaceChildren(...(card ? [card] : []));
    this.querySelector("[data-none]").hidden = Boolean(card);
    if (!card) return;
    this.say(card.dataset.title);
    card.querySelector("h2").focus({ preventScroll: true });
    this.begin();
  }

  // --- The next ones -----------------------------------------------------------------------------

  fetchAhead() {
    this.fetching ??= this.fill().finally(() => (this.fetching = null));
    return this.fetching;
  }

  async fill() {
    while (!this.single && this.ahead.childElementCount < AHEAD) {
      const there = [...this.querySelectorAll("[data-song]")].map((card) => card.dataset.song);
      const { kind, blind } = this.dataset;
      const asked = new URLSearchParams({ kind, blind, not: [...there, ...(this.sent ?? [])] });
      try {
        const response = await fetch(`${this.dataset.card}?${asked}`, { headers: { "HX-Request": "true" } });
        if (response.status !== 200) return;
        this.ahead.append(parse(await response.text()));
      } catch {
        toast("The server cannot be reached.");
        return;
      }
    }
  }

  async next() {
    if (!this.ahead.childElementCount) await this.fetchAhead();
    this.show(this.ahead.firstElementChild);
  }

  // --- What is done ------------------------------------------------------------------------------

  async save(form = this.form) {
    if (this.single) {
      form.requestSubmit();
      return;
    }
    const { card } = this;
    const seconds = (performance.now() - this.shown) / 1000;
    const data = new FormData(form);
    if (form === this.form) {
      if (!data.has("moods") && !data.has("ambiguous")) {
        toast("Choose a mood, or A for ambiguous. S skips.");
        return;
      }
      data.set("seconds", seconds.toFixed(2));
    }
    // The song stays out of what is fetched until the server knows that it is labelled.
    this.sent = new Set(this.sent).add(card.dataset.song);
    const sending = post(form.action, data);
    await this.next();
    try {
      const response = await sending;
      if (response.status === 409 && response.headers.get("Content-Type")?.startsWith("text/html")) {
        this.show(parse(await response.text()), { later: true });
      } else if (response.ok && !response.redirected) {
        const answer = response.status === 204 ? {} : await response.json();
        if (answer.undo) this.count(answer, seconds);
      } else {
        toast(await refusal(response));
        if (response.status !== 409) this.show(card, { later: true });
      }
    } catch {
      toast("The server cannot be reached: nothing was saved.");
      this.show(card, { later: true });
    }
    this.sent.delete(card.dataset.song);
  }

  count({ undo, title }, seconds) {
    this.undos.push(undo);
    this.times.push(seconds);
    const mean = this.times.reduce((sum, one) => sum + one, 0) / this.times.length;
    this.querySelector("[data-tally]").textContent =
      `${this.times.length} labelled, ${mean.toFixed(1)} s a song. Last: ${title}.`;
  }

  async skip() {
    const data = new FormData(this.form);
    const { formAction } = this.card.querySelector('[data-do="skip"]');
    this.sent = new Set(this.sent).add(this.card.dataset.song);
    post(formAction, data).catch(() => toast("The server cannot be reached."));
    await this.next();
  }

  async undo() {
    const address = this.undos.pop();
    if (!address) {
      toast("Nothing to undo in this sitting.");
      return;
    }
    const data = new FormData();
    data.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    data.set("kind", this.dataset.kind);
    const response = await post(address, data);
    if (!response.ok || response.redirected) {
      toast(await refusal(response));
      return;
    }
    this.times.pop();
    this.show(parse(await response.text()), { later: true });
    this.say(`Undone. ${this.card.dataset.title} again.`);
  }

  // --- Keys, mouse, touch ------------------------------------------------------------------------

  key(event) {
    if (!this.card || event.ctrlKey || event.metaKey || event.altKey) return;
    const own = event.target.closest?.("input, textarea, select, button, a, summary, audio");
    const typing = own?.matches("input[type=text], input[type=number], input[type=search], textarea, select");
    if (typing) return;
    const done = this.card.hasAttribute("data-conflict") ? this.choose(event.key) : this.act(event, own);
    if (!done) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  choose(key) {
    const form = this.card.querySelector(`[data-choice="${CSS.escape(key.toLowerCase())}"]`);
    if (form) this.save(form);
    return Boolean(form);
  }

  act({ key, shiftKey, repeat }, own) {
    const { form, audio } = this;
    const arrow = ARROWS[key];
    if (arrow && own?.type === "range") return false;
    if (/^[1-9]$/.test(key)) form.querySelectorAll('[name="moods"]')[key - 1]?.click();
    else if (key === "0") this.setPoint(null);
    else if (key === "a" || key === "A") form.elements.ambiguous.click();
    else if (arrow && shiftKey) this.nudge(arrow);
    else if (arrow && arrow[0] && audio) audio.currentTime += arrow[0] * STEP;
    else if (repeat) return false;
    else if (key === "Enter" && !own?.matches("button, a, summary")) this.save();
    else if (/^s$/i.test(key) && !this.single) this.skip();
    else if (/^u$/i.test(key) && !this.single) this.undo();
    else if (key === " " && !own && audio) this.toggle();
    else return false;
    if (key !== " ") this.start();
    return true;
  }

  toggle() {
    if (!this.started) this.start();
    else if (this.audio.paused) this.play();
    else this.audio.pause();
  }

  click({ target }) {
    const what = target.closest("[data-do]")?.dataset.do;
    if (what === "undo") this.undo();
    if (!target.closest("audio")) this.start();
  }

  submit(event) {
    if (this.single || !event.target.closest("[data-now]")) return;
    event.preventDefault();
    if (event.submitter?.dataset.do === "skip") this.skip();
    else this.save(event.target);
  }

  // --- The pad -----------------------------------------------------------------------------------

  drag(event) {
    const pad = event.target.closest("[data-pad]");
    if (!pad) return;
    const move = ({ clientX, clientY }) => {
      const box = pad.getBoundingClientRect();
      this.setPoint([
        (((clientX - box.left) / box.width) * 200 - 100) / 82,
        (100 - ((clientY - box.top) / box.height) * 200) / 82,
      ]);
    };
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    pad.addEventListener("pointermove", move);
    pad.addEventListener("lostpointercapture", () => pad.removeEventListener("pointermove", move), { once: true });
    move(event);
  }

  nudge([right, up]) {
    const { valence, arousal } = this.form.elements;
    this.setPoint([Number(valence.value) + right * NUDGE, Number(arousal.value) + up * NUDGE]);
  }

  setPoint(point) {
    const { placed, valence, arousal } = this.form.elements;
    placed.checked = Boolean(point);
    [valence.value, arousal.value] = point ?? [0, 0]; // the range keeps them within -1 and 1
    this.drawPoint();
  }

  drawPoint() {
    const point = this.card?.querySelector("[data-point]");
    if (!point) return;
    const { placed, valence, arousal } = this.form.elements;
    point.classList.toggle("is-unset", !placed.checked);
    place(point, valence.value, arousal.value);
  }

  say(words) {
    this.querySelector("[data-said]").textContent = words;
  }
}

function place(dot, valence, arousal) {
  dot.setAttribute("cx", 100 + 82 * valence);
  dot.setAttribute("cy", 100 - 82 * arousal);
}

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

/** What the server said, where it said it in words; a redirect leads to the sign-in page. */
async function refusal(response) {
  if (response.redirected) return "You are signed out: nothing was saved. Sign in in another window.";
  const plain = response.headers.get("Content-Type")?.startsWith("text/plain");
  return plain ? response.text() : "That did not work: nothing was saved.";
}

function post(address, data) {
  return fetch(address, { method: "POST", body: data, headers: { "HX-Request": "true" } });
}

customElements.define("desk-panel", DeskPanel);
