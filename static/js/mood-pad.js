// A plane over two sliders: point at a mood, drag it, or move it with the arrow keys.

import { ARROWS, follow } from "./plane.js";

const REACH = 0.82; // of the drawing, for a value of 1
const PLAIN = 0.2; // from here on a direction has a name

class MoodPad extends HTMLElement {
  connectedCallback() {
    const { words } = this.dataset;
    this.sliders = [...this.querySelectorAll("[type=range]")];
    follow(this.querySelector("svg"), (point, { type }) => {
      if (words && type === "pointerdown") this.sliders[0].focus();
      this.set(point.map((value) => value / REACH));
    });
    this.oninput = this.show;
    // Where the pad has words for a place, arrow keys move over the plane, else each slider by itself.
    if (words) this.onkeydown = (event) => event.target.type === "range" && this.step(event.key) && event.preventDefault();
    this.show();
  }

  /** Move the point as an arrow key says; whether it is one. */
  step(key) {
    const move = ARROWS[key];
    if (move) this.set(this.sliders.map(({ valueAsNumber }, axis) => valueAsNumber + move[axis] / 10));
    return move;
  }

  set(point) {
    this.sliders.forEach((slider, axis) => (slider.value = point[axis]));
    this.sliders[0].dispatchEvent(new Event("input", { bubbles: true }));
  }

  show() {
    const [v, a] = this.sliders.map(({ valueAsNumber }) => valueAsNumber);
    this.querySelector("[data-point]").setAttribute("transform", `translate(${100 + 100 * REACH * v} ${100 - 100 * REACH * a})`);
    // Nine words, from unpleasant to pleasant in three rows from calm to lively.
    const third = (value) => (Math.abs(value) < PLAIN ? 1 : value > 0 ? 2 : 0);
    const words = this.dataset.words?.split("|")[3 * third(a) + third(v)];
    if (!words) return;
    this.querySelector("[data-words]").textContent = words;
    for (const slider of this.sliders) slider.ariaValueText = `${slider.value}: ${words}`;
  }
}

customElements.define("mood-pad", MoodPad);
