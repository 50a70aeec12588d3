// A camera from the button to the burst: counts down, takes a few frames, switches itself off.

import { fill, toJpeg, watchUpload } from "./pictures.js";

const FRAMES = 7;
const GAP = 320; // milliseconds between frames: two seconds in all
const COUNT = 700; // milliseconds for each number
const HELD = "no-countdown"; // whether the listener presses the button themself

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Camera {
  constructor(panel) {
    const find = (name) => panel.querySelector(`[data-${name}]`);
    Object.assign(this, { panel, find, say: panel.dataset, video: panel.querySelector("video") });
    this.form = find("send");
    this.hide = () => document.hidden && this.off();
    document.addEventListener("visibilitychange", this.hide);
    watchUpload(this.form, find("upload"));
  }

  /** The panel has left the page. */
  leave() {
    document.removeEventListener("visibilitychange", this.hide);
    this.off();
  }

  async start(which = { facingMode: "user" }) {
    const { mediaDevices } = navigator;
    let stream;
    this.complain();
    this.show("opening");
    try {
      this.stop();
      if (!mediaDevices) throw { name: isSecureContext ? "NotFoundError" : "SecurityError" };
      stream = await mediaDevices.getUserMedia({
        video: { ...which, width: 1280, height: 960 },
      });
      this.stop(); // an earlier press may have got its camera meanwhile
      this.stream = stream;
      if (!this.panel.isConnected || document.hidden) return this.off();
      const [track] = stream.getTracks();
      track.onended = () => this.fail({ name: "lost" });
      this.video.srcObject = stream;
      await this.video.play();
      this.settings = track.getSettings();
      this.devices = (await mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
      if (this.stream !== stream) return;
      this.show("on", this.say.on);
      this.find("do=shoot").focus();
      if (!localStorage[HELD]) this.countDown();
    } catch (error) {
      // Switched off, or started again, meanwhile is no fault.
      if (this.stream == stream) this.fail(error);
    }
  }

  /** The next camera: on phones one that looks the other way. */
  turn() {
    const ids = this.devices.map((one) => one.deviceId);
    const next = (ids.indexOf(this.settings.deviceId) + 1) % ids.length;
    return this.start({ deviceId: { exact: ids[next] } });
  }

  /** Stop counting, from now on; or count again. */
  hold() {
    if (localStorage[HELD]) {
      delete localStorage[HELD];
      this.countDown();
    } else {
      localStorage[HELD] = 1;
      this.count();
    }
    this.show("on");
  }

  async countDown() {
    const mine = (this.counting = {});
    for (const number of [3, 2, 1]) {
      this.count(number, mine);
      await wait(COUNT);
      if (this.counting !== mine) return;
    }
    this.shoot();
  }

  async shoot() {
    this.count();
    this.show("shooting");
    try {
      const files = [];
      for (let index = 1; index <= FRAMES; index += 1) {
        if (index > 1) await wait(GAP);
        if (!this.stream) return;
        files.push(toJpeg(this.video, `${index}.jpg`));
      }
      this.stop();
      this.show("sending", this.say.taken);
      fill(this.form.elements.frames, await Promise.all(files));
      this.form.requestSubmit();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Throw away what was taken, while it is still on its way, and start again. */
  retake() {
    htmx.trigger(this.form, "htmx:abort");
    return this.start();
  }

  off() {
    this.stop();
    this.show("off", this.say.off);
  }

  /** Stop every track, so that the camera's light goes out. */
  stop() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = this.video.srcObject = null;
    this.count();
  }

  /** Buttons name in data-when the states that they are there in. */
  show(state, words) {
    const stage = this.find("stage");
    stage.dataset.state = state;
    stage.dataset.facing = this.settings?.facingMode;
    for (const part of this.panel.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    if (this.devices?.length < 2) this.find("do=turn").hidden = true;
    this.find("do=hold").textContent = localStorage[HELD] ? this.say.count : this.say.hold;
    if (words) this.find("said").textContent = words;
  }

  count(number = "", counting = null) {
    this.counting = counting;
    this.find("count").textContent = this.find("said").textContent = number;
  }

  fail({ name }) {
    this.off();
    this.complain(name);
  }

  /** Without a code an earlier complaint goes. */
  complain(code) {
    const known = code && (this.find(`fault~=${code}`) ?? this.find("fault~=other"));
    this.find("error").replaceChildren(...(known ? [known.content.cloneNode(true)] : []));
  }
}
