// Keeps the camera's scripts away until a listener who has consented presses a button for them.

class CameraPanel extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", async ({ target }) => {
      const what = target.closest("[data-do]")?.dataset.do;
      if (!what) return;
      this.camera ??= import("./camera.js").then(({ Camera }) => new Camera(this));
      (await this.camera)[what]();
    });
  }

  async disconnectedCallback() {
    (await this.camera)?.leave();
  }
}

customElements.define("camera-panel", CameraPanel);
