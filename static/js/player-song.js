// From a row to a song, and from a song to words.

/** "{title} by {artist}" with those of a song. */
export const words = (text, values) => text.replace(/{(\w+)}/g, (_all, name) => values[name] ?? "");

/** 73.4 -> "1:13" */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** What the row of a song says, with the address of its cover. */
export function songOf(row) {
  const cover = row.querySelector(".cover");
  const art = cover?.src ?? `data:image/svg+xml,${encodeURIComponent(cover?.outerHTML)}`;
  const stars = row.querySelector(":checked")?.value;
  return { ...row.closest("[data-list]").dataset, ...row.dataset, stars, art };
}

/** Set the property data-fill of what has one to data-as, said with a song. */
export function fill(root, song) {
  for (const one of root.querySelectorAll("[data-fill]")) one[one.dataset.fill] = words(one.dataset.as, song);
}
