// The map of moods: click a cell, draw a lasso, hold Shift for a rectangle, or go by arrow keys.

const CORNERS = 60; // of a lasso; the server takes a few more
const FAR = 1; // cells a pointer travels before it draws
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class MoodMap extends HTMLElement {
  connectedCallback() {
    this.plane = this.querySelector("svg");
    this.cells = this.plane.viewBox.baseVal.width;
    this.shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
    this.shape.classList.add("lasso");
    this.plane.append(this.shape);
    this.at = [this.cells / 2, this.cells / 2];
    this.plane.addEventListener("pointerdown", (event) => this.draw(event));
    this.plane.addEventListener("keydown", (event) => this.key(event));
  }

  draw(event) {
    const start = this.where(event);
    let line = [start];
    const move = (moved) => {
      const [x, y] = this.where(moved);
      if (moved.shiftKey) line = [start, [x, start[1]], [x, y], [start[0], y]];
      else line.push([x, y]);
      this.show(line);
    };
    const end = () => {
      this.plane.removeEventListener("pointermove", move);
      const far = line.some(([x, y]) => Math.hypot(x - start[0], y - start[1]) > FAR);
      if (far && line.length > 2) this.open(line);
      else this.openCell(start);
    };
    event.preventDefault();
    this.plane.setPointerCapture(event.pointerId);
    this.plane.addEventListener("pointermove", move);
    this.plane.addEventListener("pointerup", end, { once: true });
  }

  key(event) {
    const move = MOVES[event.key];
    if (move) {
      event.preventDefault();
      this.at = this.at.map((value, axis) => Math.min(this.cells - 1, Math.max(0, value + move[axis])));
      this.show(square(this.at));
      const [[valence, arousal]] = this.points([[this.at[0] + 0.5, this.at[1] + 0.5]]);
      this.querySelector("[data-said]").textContent = `Valence ${valence}, arousal ${arousal}`;
    } else if (event.key === "Enter") {
      this.openCell(this.at);
    }
  }

  openCell([x, y]) {
    const [left, top] = [x, y].map((value) => Math.min(this.cells - 1, Math.floor(value)));
    this.open([[left, top + 1], [left + 1, top]]);
  }

  /** Go to the songs of a rectangle (two corners) or of a polygon. */
  open(line) {
    const every = Math.ceil(line.length / CORNERS);
    const corners = this.points(line.filter((_, place) => place % every === 0));
    const asked = new URLSearchParams({ area: corners.map((pair) => pair.join(",")).join(";") });
    if (this.dataset.mood) asked.set("mood", this.dataset.mood);
    window.location.assign(`${this.dataset.songs}?${asked}`);
  }

  points(line) {
    const half = this.cells / 2;
    return line.map(([x, y]) => [round(x / half - 1), round(1 - y / half)]);
  }

  where({ clientX, clientY }) {
    const box = this.plane.getBoundingClientRect();
    const inside = (part) => Math.min(1, Math.max(0, part)) * this.cells;
    return [inside((clientX - box.left) / box.width), inside((clientY - box.top) / box.height)];
  }

  show(line) {
    this.shape.setAttribute("points", line.map((pair) => pair.join(",")).join(" "));
  }
}

const round = (value) => Math.round(value * 1000) / 1000;
const square = ([x, y]) => [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]];

customElements.define("mood-map", MoodMap);
