// What plays, and in which order: no page, no sound. A song is the data of its row.

export class Queue {
  songs = [];
  at = -1;
  repeat = "off"; // or "all", "one"
  plain = null; // ids in the order before it was shuffled

  get song() {
    return this.songs[this.at];
  }

  get ids() {
    return this.songs.map(({ song }) => song);
  }

  /** The place that follows this one; undefined past the end. */
  get after() {
    if (this.at + 1 < this.songs.length) return this.at + 1;
    return this.repeat === "all" ? 0 : undefined;
  }

  placeOf(id) {
    return this.songs.findIndex(({ song }) => song === id);
  }

  /** Other songs, or another order, about the one that plays. */
  arrange(songs, current = this.song) {
    this.songs = songs;
    this.at = songs.indexOf(current);
  }

  /** Each song once: a history names some again and again. */
  load(songs, current) {
    const once = new Map([...songs, current].map((one) => [one.song, one]));
    this.arrange([...once.values()], current);
    if (this.plain) this.mix();
  }

  shuffle() {
    const { plain } = this;
    this.plain = null;
    if (!plain) this.mix();
    else {
      const place = ({ song }) => plain.indexOf(song) + 1 || 1e9; // what came since comes last
      this.arrange(this.songs.toSorted((one, other) => place(one) - place(other)));
    }
  }

  /** All but the song that plays, which comes first. */
  mix() {
    const { song } = this;
    this.plain = this.ids;
    this.arrange([song, ...mixed(this.songs.filter((one) => one !== song))]);
  }

  playNext(song) {
    const { song: current } = this;
    const songs = this.songs.filter((one) => one === current || one.song !== song.song);
    songs.splice(songs.indexOf(current) + 1, 0, { ...song, mine: true });
    this.arrange(songs, current);
  }

  /** Whether that was the song that plays, whose place the next one takes. */
  drop(id) {
    const place = this.placeOf(id);
    if (place < 0) return false;
    this.songs.splice(place, 1);
    if (place < this.at) this.at -= 1;
    return place === this.at;
  }

  /** After the song that plays comes what was put there by hand, then these. */
  follow(songs) {
    const { song: current } = this;
    const kept = this.songs.filter((one, place) => place <= this.at || one.mine);
    const rest = songs.filter(({ song }) => !kept.some((one) => one.song === song));
    // What was kept belongs to the list as it is now.
    for (const one of kept) if (one.root === songs[0]?.root) one.list = songs[0].list;
    this.arrange([...kept, ...rest], current);
    if (!this.plain) return;
    this.plain = this.ids;
    this.arrange([...kept, ...mixed(rest)], current);
  }
}

function mixed(songs) {
  for (let left = songs.length; left; left -= 1) songs.push(...songs.splice(Math.random() * left, 1));
  return songs;
}
