// Making small JPEGs in the browser, so that no more than needed leaves the device.

const LONGEST = 640; // pixels

/** Draw a video frame or bitmap now, at most LONGEST pixels long, and give it as a JPEG file. */
export async function toJpeg(source, name) {
  const width = source.videoWidth ?? source.width;
  const height = source.videoHeight ?? source.height;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const type = "image/jpeg";
  return new File([await canvas.convertToBlob({ type })], name, { type });
}

/** Put files into a file input, as if the listener had chosen them. */
export function fill(input, files) {
  const basket = new DataTransfer();
  for (const file of files) basket.items.add(file);
  input.files = basket.files;
}

/** Show how much of a form has left the device, in the bar beside it. */
export function watchUpload(form, box) {
  form.addEventListener("htmx:xhr:progress", ({ detail }) => {
    box.hidden = false;
    box.querySelector("progress").value = detail.loaded / detail.total || 0;
  });
  form.addEventListener("htmx:xhr:loadend", () => (box.hidden = true));
}
