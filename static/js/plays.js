// Telling the server what was played and how far: at the start, every ten seconds, and at the end.

import { send } from "./api.js";

const EVERY = 10; // seconds of listening between reports

export class PlayReport {
  /** `known` is the play's id where it goes on after a reload. */
  constructor(song, list, known) {
    this.told = 0;
    this.known = known;
    this.id = known ?? this.begin({ song, list: list || null });
  }

  async begin(body) {
    const response = await send("POST", "/plays", body).catch(() => ({}));
    if (response.ok) this.known = (await response.json()).id;
    return this.known;
  }

  /** Called as time passes; reports now and then. */
  reached(position) {
    if (Math.abs(position - this.told) >= EVERY) this.tell(position);
  }

  async tell(position, outcome) {
    if (this.ended) return;
    this.told = position;
    this.ended = outcome;
    const body = { position_s: Math.round(position * 10) / 10, outcome };
    // Without waiting where the id is known: a page that closes has no later.
    const id = this.known ?? (await this.id);
    if (id) send("PATCH", `/plays/${id}`, body, { keepalive: true }).catch(() => null);
  }
}
