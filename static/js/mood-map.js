// The map of moods: click a cell, draw a lasso, hold Shift for a rectangle, or go by arrow keys.

import { ARROWS, follow } from "./plane.js";
import { fill } from "./player-song.js";

const CORNERS = 60; // of a lasso; the server takes a few more

const round = (value) => Math.round(value * 1000) / 1000;
const rectangle = ([x, y], [u, v]) => [[x, y], [u, y], [u, v], [x, v]];

class MoodMap extends HTMLElement {
  connectedCallback() {
    const plane = this.querySelector("svg");
    const cell = 2 / plane.viewBox.baseVal.width;
    let at = [cell / 2, -cell / 2];
    let line;

    const show = (corners) => {
      line = corners;
      this.querySelector("polygon").setAttribute("points", corners);
    };

    const cellAt = (point) => {
      const corner = point.map((value) => round(Math.floor(Math.min(value, 1 - cell / 2) / cell) * cell));
      return rectangle(corner, corner.map((value) => round(value + cell)));
    };

    /** Go to the songs of a rectangle (two corners) or of a polygon. */
    const open = (corners) => {
      const every = Math.ceil(corners.length / CORNERS);
      location.assign(this.dataset.songs + corners.filter((_, place) => place % every === 0).join(";"));
    };

    const openCell = (point) => {
      const [from, , to] = cellAt(point);
      open([from, to]);
    };

    follow(plane, (exact, { type, shiftKey }) => {
      const point = exact.map(round);
      if (type === "pointerdown") line = [point];
      else show(shiftKey ? rectangle(line[0], point) : [...line, point]);
    });
    plane.onpointerup = ({ pointerId }) => {
      if (!plane.hasPointerCapture(pointerId)) return;
      const [start] = line;
      const far = line.some(([x, y]) => Math.hypot(x - start[0], y - start[1]) > cell);
      if (far && line.length > 2) open(line);
      else openCell(start);
    };
    plane.onkeydown = (event) => {
      const move = ARROWS[event.key];
      if (event.key === "Enter") openCell(at);
      if (!move) return;
      event.preventDefault();
      const edge = 1 - cell / 2;
      at = at.map((value, axis) => round(Math.min(edge, Math.max(-edge, value + move[axis] * cell))));
      show(cellAt(at));
      fill(this, at);
    };
  }
}

customElements.define("mood-map", MoodMap);
