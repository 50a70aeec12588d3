// Making small JPEGs in the browser, so that no more than needed leaves the device.

/** Draw a video frame or bitmap at most `longest` pixels long and give it as a JPEG file. */
export async function toJpeg(source, { longest, name, quality = 0.9 }) {
  const width = source.videoWidth ?? source.width;
  const height = source.videoHeight ?? source.height;
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  if (!blob) throw new Error("the picture could not be encoded");
  return new File([blob], name, { type: "image/jpeg" });
}

/** Put files into a file input, as if the listener had chosen them. */
export function fill(input, files) {
  const basket = new DataTransfer();
  for (const file of files) basket.items.add(file);
  input.files = basket.files;
}
