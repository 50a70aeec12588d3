// The photo panel: takes a chosen, dropped, pasted or just taken picture, and shrinks it first.

import { fill, toJpeg, watchUpload } from "./pictures.js";

class PhotoPanel extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    this.input = form.elements.frames;
    this.onchange = ({ target }) => this.prepare(target.files[0]);
    this.ondragover = this.ondragleave = this.ondrop = this.drag;
    this.paste = ({ clipboardData }) => this.prepare(clipboardData.files[0]);
    document.addEventListener("paste", this.paste);
    watchUpload(form, this.querySelector("[data-upload]"));
  }

  disconnectedCallback() {
    document.removeEventListener("paste", this.paste);
    this.file = null;
    this.forget();
  }

  forget() {
    URL.revokeObjectURL(this.address);
  }

  drag(event) {
    event.preventDefault();
    this.querySelector(".drop").classList.toggle("is-over", event.type === "dragover");
    if (event.type === "drop") this.prepare(event.dataTransfer.files[0]);
  }

  async prepare(file) {
    if (!file) return;
    this.file = file;
    fill(this.input, [file]);
    try {
      const small = await toJpeg(await createImageBitmap(file), "photo.jpg");
      if (this.file !== file) return; // another one was chosen meanwhile
      fill(this.input, [small]);
      this.preview(small);
    } catch {
      // Not a picture this browser can open: the server decides, and says why if it cannot either.
      if (this.file !== file) return;
      const words = this.querySelector("[data-words]");
      words.querySelector("strong").textContent = file.name;
      words.hidden = false;
      words.previousElementSibling.hidden = true;
    }
    this.querySelector("button").focus();
  }

  preview(file) {
    const picture = new Image();
    picture.alt = this.dataset.chosen;
    this.forget();
    picture.src = this.address = URL.createObjectURL(file);
    const frame = this.querySelector("[data-preview]");
    frame.replaceChildren(picture);
    frame.hidden = false;
    frame.nextElementSibling.hidden = true;
  }
}

customElements.define("photo-panel", PhotoPanel);
