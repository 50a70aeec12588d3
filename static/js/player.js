// The player: one audio element beside the page, so that it plays on while pages change.

import { PlayReport } from "./plays.js";

const STEP = 5; // seconds for an arrow key
const BACK = 4; // seconds after which "previous" starts the song again

const clock = (seconds) => {
  const whole = Number.isFinite(seconds) ? Math.floor(seconds) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

class MusicPlayer extends HTMLElement {
  connectedCallback() {
    this.audio = this.querySelector("audio");
    this.seek = this.querySelector("[data-seek]");
    this.queue = [];
    this.at = -1;
    this.listenToAudio();
    this.listenToControls();
    this.listenToPage();
    this.restoreVolume();
  }

  get song() {
    return this.queue[this.at];
  }

  // --- What it does ------------------------------------------------------------------------------

  /** Play a row of a list; the list's rows become the queue. */
  playRow(row) {
    if (this.song?.id === row.dataset.song && this.song.list === row.closest("[data-list]").dataset.list) {
      this.toggle();
      return;
    }
    const rows = [...row.closest("[data-list]").querySelectorAll("[data-audio]:not(.song--gone)")];
    this.queue = rows.map((one) => ({
      id: one.dataset.song,
      list: one.closest("[data-list]").dataset.list,
      address: one.dataset.audio,
      title: one.dataset.title,
      artist: one.dataset.artist,
      credit: [one.dataset.credit, one.dataset.licence].filter(Boolean).join(", "),
      duration: Number(one.dataset.duration),
      cover: one.querySelector(".cover")?.cloneNode(true),
    }));
    this.go(rows.indexOf(row));
  }

  go(place) {
    this.report?.tell(this.audio.currentTime, "skipped");
    this.report = null;
    if (place < 0 || place >= this.queue.length) {
      this.stop();
      return;
    }
    this.at = place;
    this.show();
    this.audio.src = this.song.address;
    this.resume();
  }

  async resume() {
    this.setState({ loading: this.audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA });
    this.report ??= new PlayReport(this.song.id, this.song.list);
    try {
      await this.audio.play();
    } catch (error) {
      // AbortError: another song was asked for meanwhile, which is no trouble.
      if (error.name !== "AbortError") this.fail();
    }
  }

  toggle() {
    if (!this.song) return;
    if (!this.audio.src) this.audio.src = this.song.address;
    if (this.audio.paused) this.resume();
    else this.audio.pause();
  }

  next() {
    this.go(this.at + 1);
  }

  previous() {
    if (this.audio.currentTime > BACK || this.at === 0) this.audio.currentTime = 0;
    else this.go(this.at - 1);
  }

  stop() {
    this.report?.tell(this.audio.currentTime, "abandoned");
    this.report = null;
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
    this.setState({ loading: false });
    this.progress(0, this.song?.duration ?? 0);
    if (navigator.mediaSession) navigator.mediaSession.playbackState = "none";
  }

  // --- What it hears -----------------------------------------------------------------------------

  listenToAudio() {
    const { audio } = this;
    audio.addEventListener("playing", () => this.setState({ loading: false }));
    audio.addEventListener("waiting", () => this.setState({ loading: true }));
    audio.addEventListener("play", () => this.setState({}));
    audio.addEventListener("pause", () => {
      this.setState({ loading: false });
      if (!audio.ended) this.report?.tell(audio.currentTime);
    });
    audio.addEventListener("ended", () => {
      this.report?.tell(audio.currentTime, "completed");
      this.report = null;
      this.next();
    });
    audio.addEventListener("error", () => audio.getAttribute("src") && this.fail());
    audio.addEventListener("timeupdate", () => {
      if (!audio.getAttribute("src")) return;
      this.progress(audio.currentTime, Number.isFinite(audio.duration) ? audio.duration : this.song.duration);
      if (!audio.paused) this.report?.reached(audio.currentTime);
    });
  }

  listenToControls() {
    this.addEventListener("click", ({ target }) => {
      const what = target.closest("[data-do]")?.dataset.do;
      if (what) this[what]();
    });
    this.seek.addEventListener("input", () => {
      const total = Number.isFinite(this.audio.duration) ? this.audio.duration : this.song?.duration;
      if (total && this.audio.src) this.audio.currentTime = (this.seek.value / 100) * total;
    });
    this.querySelector("[data-volume]").addEventListener("input", ({ target }) => {
      this.audio.volume = target.value;
      try {
        localStorage.setItem("volume", target.value);
      } catch {
        // No storage in this browser: the volume is forgotten, nothing else.
      }
    });
    const session = navigator.mediaSession;
    if (!session) return;
    session.setActionHandler("play", () => this.toggle());
    session.setActionHandler("pause", () => this.toggle());
    session.setActionHandler("stop", () => this.stop());
    session.setActionHandler("nexttrack", () => this.next());
    session.setActionHandler("previoustrack", () => this.previous());
    session.setActionHandler("seekto", ({ seekTime }) => (this.audio.currentTime = seekTime));
  }

  listenToPage() {
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-play], [data-play-all]");
      if (!button) return;
      const row = button.closest("[data-song]") ?? document.querySelector("[data-list] [data-audio]:not(.song--gone)");
      if (row) this.playRow(row);
    });
    document.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("htmx:afterSwap", () => this.markRows());
    window.addEventListener("pagehide", () => this.report?.tell(this.audio.currentTime, "abandoned"));
  }

  onKey(event) {
    const busy = event.target.closest?.("input, textarea, select, button, a, summary, [contenteditable]");
    if (busy || this.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") this.toggle();
    else if (event.key === "ArrowRight") this.audio.currentTime += STEP;
    else if (event.key === "ArrowLeft") this.audio.currentTime -= STEP;
    else return;
    event.preventDefault();
  }

  // --- What it shows -----------------------------------------------------------------------------

  show() {
    const { song } = this;
    this.hidden = false;
    this.classList.add("is-open");
    this.querySelector("[data-title]").textContent = song.title;
    this.querySelector("[data-artist]").textContent = song.artist;
    this.querySelector("[data-credit]").textContent = song.credit;
    this.querySelector("[data-cover]").replaceChildren(...(song.cover ? [song.cover] : []));
    // A new element each time: htmx keeps the address that a boosted link had at first.
    const link = this.querySelector("[data-opinion]").cloneNode(true);
    link.href = `/songs/${song.id}/opinion/`;
    this.querySelector("[data-opinion]").replaceWith(link);
    window.htmx.process(link);
    this.querySelector("[data-said]").textContent = `Now: ${song.title} by ${song.artist}`;
    this.progress(0, song.duration);
    if (navigator.mediaSession) {
      navigator.mediaSession.metadata = new MediaMetadata({ title: song.title, artist: song.artist, album: "MoodMusic" });
    }
  }

  progress(now, total) {
    this.querySelector("[data-elapsed]").textContent = clock(now);
    this.querySelector("[data-total]").textContent = clock(total);
    this.seek.value = total ? (now / total) * 100 : 0;
    this.seek.setAttribute("aria-valuetext", `${clock(now)} of ${clock(total)}`);
  }

  setState({ loading = this.classList.contains("is-loading") }) {
    const playing = !this.audio.paused;
    this.classList.toggle("is-playing", playing);
    this.classList.toggle("is-loading", loading);
    this.querySelector('[data-do="toggle"]').setAttribute("aria-label", playing ? "Pause" : "Play");
    if (navigator.mediaSession) navigator.mediaSession.playbackState = playing ? "playing" : "paused";
    this.markRows();
  }

  markRows() {
    for (const row of document.querySelectorAll("[data-list] [data-song]")) {
      const current = row.dataset.song === this.song?.id && this.audio.hasAttribute("src");
      row.classList.toggle("is-current", current);
      row.classList.toggle("is-playing", current && this.classList.contains("is-playing"));
      row.classList.toggle("is-loading", current && this.classList.contains("is-loading"));
      row.querySelector("[data-play]")?.setAttribute(
        "aria-label",
        `${current && this.classList.contains("is-playing") ? "Pause" : "Play"} ${row.dataset.title}`,
      );
    }
  }

  fail() {
    this.setState({ loading: false });
    this.querySelector("[data-said]").textContent = "This song cannot be played right now.";
    this.querySelector("[data-artist]").textContent = "This song cannot be played right now. Try the next one.";
    this.querySelector("[data-credit]").textContent = "";
  }

  restoreVolume() {
    let kept = null;
    try {
      kept = localStorage.getItem("volume");
    } catch {
      // No storage: the default stays.
    }
    const control = this.querySelector("[data-volume]");
    if (kept !== null) control.value = kept;
    this.audio.volume = control.value;
  }
}

customElements.define("music-player", MusicPlayer);
