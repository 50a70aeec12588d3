// The photo panel: shows the chosen picture and shrinks it before it leaves the device.

import { fill, toJpeg } from "./pictures.js";

const LONGEST = 1280; // pixels; the server keeps no more

class PhotoPanel extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector('input[type="file"]');
    input.addEventListener("change", () => this.prepare(input));
  }

  disconnectedCallback() {
    this.forget();
  }

  async prepare(input) {
    const [file] = input.files;
    this.forget();
    if (!file) return;
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
      const small = await toJpeg(bitmap, { longest: LONGEST, name: "photo.jpg" });
      bitmap.close();
      if (input.files[0] === file) fill(input, [small]);
      this.preview(small);
    } catch {
      // Not a picture this browser can open: the server decides, and says why if it cannot either.
      this.querySelector("[data-words] strong").textContent = file.name;
    }
  }

  preview(file) {
    this.address = URL.createObjectURL(file);
    const picture = new Image();
    picture.alt = "The photo you chose";
    picture.src = this.address;
    const frame = this.querySelector("[data-preview]");
    frame.replaceChildren(picture);
    frame.hidden = false;
    this.querySelector("[data-words]").hidden = true;
  }

  forget() {
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = null;
  }
}

customElements.define("photo-panel", PhotoPanel);
