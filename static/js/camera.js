// The camera panel: starts only on a button, takes a short burst, and switches the camera off.

import { fill, toJpeg } from "./pictures.js";

const FRAMES = 4;
const GAP = 250; // milliseconds between frames
const LONGEST = 640; // pixels

const TROUBLE = {
  NotAllowedError: [
    "The camera is blocked",
    "Your browser did not allow it. Click the camera sign in the address bar to allow it, or go on without.",
  ],
  NotFoundError: ["No camera found", "This device seems to have none, or it is switched off."],
  NotReadableError: ["The camera is busy", "Another program uses it. Close that one and try again."],
  insecure: [
    "The camera needs a secure address",
    "Browsers give the camera only to https pages, or to this very machine (localhost). A photo works here too.",
  ],
  other: ["The camera did not start", "Try again, or go on without it."],
};

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

class CameraPanel extends HTMLElement {
  connectedCallback() {
    this.stage = this.querySelector("[data-stage]");
    this.video = this.querySelector("video");
    this.addEventListener("click", ({ target }) => {
      const what = target.closest("[data-do]")?.dataset.do;
      if (what === "start") this.start();
      if (what === "shoot") this.shoot();
      if (what === "off") this.off();
    });
  }

  disconnectedCallback() {
    this.off();
  }

  async start() {
    this.complain(null);
    if (!navigator.mediaDevices?.getUserMedia) {
      this.complain(window.isSecureContext ? "NotFoundError" : "insecure");
      return;
    }
    const button = this.part("start");
    button.disabled = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 960 } },
        audio: false,
      });
      if (!this.isConnected) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
      this.show("on");
      this.say("The camera is on. Take the picture when you are ready.");
      this.part("shoot").focus();
    } catch (error) {
      this.off();
      this.complain(error.name);
    } finally {
      button.disabled = false;
    }
  }

  async shoot() {
    const button = this.part("shoot");
    if (button.disabled) return;
    button.disabled = true;
    try {
      if (this.querySelector("[data-countdown]").checked) await this.countDown();
      if (!this.stream) return;
      this.show("shooting");
      const files = [];
      for (let index = 0; index < FRAMES && this.stream; index += 1) {
        files.push(await toJpeg(this.video, { longest: LONGEST, name: `frame-${index + 1}.jpg` }));
        if (index < FRAMES - 1) await wait(GAP);
      }
      this.off();
      this.say("Taken. The camera is off.");
      const form = this.querySelector("[data-send]");
      fill(form.elements.frames, files);
      form.requestSubmit();
    } catch {
      this.off();
      this.complain("other");
    } finally {
      button.disabled = false;
    }
  }

  async countDown() {
    const count = this.querySelector("[data-count]");
    for (const number of [3, 2, 1]) {
      if (!this.stream) break;
      count.textContent = number;
      this.say(String(number));
      await wait(800);
    }
    count.textContent = "";
  }

  /** Stop every track, so that the camera's light goes out. */
  off() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    if (this.video) this.video.srcObject = null;
    if (this.stage) this.show("off");
  }

  show(state) {
    this.stage.dataset.state = state;
    const on = state !== "off";
    this.part("start").hidden = on;
    this.part("shoot").hidden = !on;
    this.part("off").hidden = !on;
    this.querySelector("[data-timer]").hidden = !on;
  }

  complain(name) {
    const box = this.querySelector("[data-error]");
    box.hidden = name === null;
    if (name === null) return;
    const known = { SecurityError: "insecure", OverconstrainedError: "NotFoundError", AbortError: "NotReadableError" };
    const [title, words] = TROUBLE[known[name] ?? name] ?? TROUBLE.other;
    box.querySelector("[data-error-title]").textContent = title;
    box.querySelector("[data-error-words]").textContent = words;
  }

  say(words) {
    this.querySelector("[data-said]").textContent = words;
  }

  part(name) {
    return this.querySelector(`[data-do="${name}"]`);
  }
}

customElements.define("camera-panel", CameraPanel);
