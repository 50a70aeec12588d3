// Telling the server what was played and how far: at the start, every ten seconds, and at the end.

import { send } from "./api.js";

const EVERY = 10; // seconds of listening between reports

export class PlayReport {
  constructor(song, list) {
    this.told = 0;
    this.ended = false;
    this.id = send("POST", "/plays", list ? { song, list } : { song })
      .then((response) => (response.ok ? response.json() : null))
      .then((play) => (this.known = play?.id ?? null))
      .catch(() => null);
  }

  /** Called as time passes; reports now and then. */
  reached(position) {
    if (Math.abs(position - this.told) < EVERY) return;
    this.tell(position);
  }

  async tell(position, outcome) {
    if (this.ended) return;
    this.told = position;
    if (outcome) this.ended = true;
    const body = { position_s: Math.round(position * 10) / 10, ...(outcome && { outcome }) };
    // Without waiting where the id is known: a page that closes has no later.
    const id = this.known ?? (await this.id);
    if (id) await send("PATCH", `/plays/${id}`, body, { keepalive: true }).catch(() => null);
  }
}
