// A plane of moods to point at: from -1 to 1 across, from unpleasant, and up, from calm.

export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Tell where a pointer that went down on a drawing is until it goes up, as [across, up]. */
export function follow(drawing, tell) {
  drawing.onpointerdown = drawing.onpointermove = (event) => {
    const { pointerId, type, clientX, clientY, button } = event;
    if (type === "pointerdown") {
      if (button) return;
      event.preventDefault();
      drawing.setPointerCapture(pointerId);
    }
    if (!drawing.hasPointerCapture(pointerId)) return;
    const { x, y, width, height } = drawing.getBoundingClientRect();
    const inside = (part) => Math.min(1, Math.max(-1, 2 * part - 1));
    tell([inside((clientX - x) / width), -inside((clientY - y) / height)], event);
  };
}
