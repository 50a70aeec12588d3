// A live session: a look every so often while the page is seen, and the songs to come follow.

import { ask } from "./api.js";
import { toJpeg } from "./pictures.js";
import { toast } from "./toasts.js";

const SILENT = 180000; // milliseconds without music after which nobody is followed
const PAUSE = 500; // milliseconds between looks at an unfinished reading

const player = document.querySelector("music-player");

class LiveSession extends HTMLElement {
  connectedCallback() {
    for (const name of ["video", "form", "output"]) this[name] = this.querySelector(name);
    this.form.onchange = ({ target }) => ask("PUT", `/live/${this.session}`, { locked: target.checked });
    this.form.addEventListener("htmx:afterRequest", ({ detail: { successful, xhr } }) => {
      if (successful) this.list = /data-list="(.+?)"/.exec(xhr.responseText)[1];
    });
    document.addEventListener("player:song", ({ detail: { list } }) => (this.list = list || this.list));
    this.querySelector("button").onclick = () => this.stop();
    addEventListener("visibilitychange", () => this.session && (document.hidden ? this.off() : this.on()));
    addEventListener("pagehide", () => this.stop());
  }

  async start(list) {
    this.list = list;
    if (this.session || this.asked) return;
    this.asked = true;
    const { id, detail } = await ask("POST", "/live")
      .then((answer) => answer.json())
      .catch(() => ({ detail: document.body.dataset.sayOffline }));
    this.asked = false;
    if (!id) return toast(detail);
    Object.assign(this, { session: id, last: Date.now(), hidden: false });
    this.form.reset();
    this.output.value = "";
    this.timer = setInterval(() => this.look(), this.dataset.every * 1000);
    this.on();
  }

  stop(words = this.dataset.sayStopped) {
    if (!this.session) return;
    clearInterval(this.timer);
    this.off();
    ask("DELETE", `/live/${this.session}`, null, { keepalive: true });
    Object.assign(this, { session: null, hidden: true });
    toast(words);
  }

  /** The camera on: at the start, and when the page is seen again. */
  async on() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" } });
      this.off(); // what was asked for before the page was hidden for a moment may have come first
      this.video.srcObject = stream;
      this.dataset.camera = "on";
      if (!this.session || document.hidden) return this.off();
      stream.getTracks()[0].onended = () => this.stop(); // unplugged, or taken back
      await this.video.play();
      this.look();
    } catch {
      // Switched off meanwhile is no fault.
      if (this.video.srcObject == stream) this.stop(this.dataset.sayFault);
    }
  }

  off() {
    for (const track of this.video.srcObject?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
    this.dataset.camera = "off";
  }

  async look() {
    if (!player.querySelector("audio").paused) this.last = Date.now();
    if (Date.now() - this.last > SILENT) return this.stop(this.dataset.saySilent);
    if (!this.video.srcObject || this.busy) return;
    this.busy = true;
    try {
      const body = new FormData();
      body.append("frames", await toJpeg(this.video, "live.jpg"));
      body.append("live", this.session);
      await ask("POST", "/captures", body);
      let now;
      do {
        await new Promise((done) => setTimeout(done, PAUSE));
        if (!this.session) return;
        now = await (await ask("GET", `/live/${this.session}?list=${this.list}`)).json();
      } while (now.busy);
      // Over, or signed out: a refusal has no session.
      if (now.session?.end !== "") return this.stop(now.said);
      if (this.output.value !== now.said) this.output.value = now.said;
      if (!now.change) return;
      // The player names what was heard, and takes up the songs that come back.
      const values = { reading: now.change };
      const how = { source: this.form, target: this.form, swap: "none", values };
      await window.htmx.ajax("POST", `/lists/${this.list}/tail/`, how);
    } catch {
      // No network: the next look may do better.
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("live-session", LiveSession);
