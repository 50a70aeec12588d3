// The player: one audio element beside the page, so that it plays on while pages change.

import { send } from "./api.js";
import { clock, fill, songOf, words } from "./player-song.js";
import { PlayReport } from "./plays.js";
import { Queue } from "./queue.js";
import { watchKeys } from "./shortcuts.js";
import { toast } from "./toasts.js";

const PLAYABLE = "[data-list] [data-audio]:not(.song--gone)";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const first = (selector, root = document) => root.querySelector(selector);

class MusicPlayer extends HTMLElement {
  connectedCallback() {
    const find = (selector) => first(selector, this);
    const { dataset: say, classList: state } = this;
    const audio = find("audio");
    const seek = find("[data-seek]");
    const volume = find("[data-volume]");
    const panel = first("#queue");
    const session = navigator.mediaSession;
    const queue = new Queue();
    let report; // of the play that goes on
    let known; // its id, over a reload
    let now = 0; // seconds
    let ahead; // the address that was fetched last
    let rated = Promise.resolve(); // when the last stars have been told

    // --- What it does ----------------------------------------------------------------------------

    /** Play the song at a place of the queue, or only put it there; without one the list is over. */
    const go = (place, quiet) => {
      report?.tell(audio.currentTime, "skipped");
      report = known = null;
      if (!queue.songs[place]) {
        acts.stop();
        show();
        return emit("ended-list");
      }
      queue.at = place;
      show();
      if (quiet) return acts.stop();
      audio.src = queue.song.audio;
      progress(0);
      resume();
      emit("song");
    };

    const resume = () => {
      if (audio.error || !audio.hasAttribute("src")) audio.src = `${queue.song.audio}#t=${now}`;
      mark(audio.readyState < 3);
      report ??= new PlayReport(queue.song.song, queue.song.list, known);
      // What is wrong with the song the audio element tells; other refusals only leave it paused.
      audio.play().catch(() => mark());
    };

    const playRow = (row) => {
      const song = songOf(row);
      if (queue.song?.song === song.song && queue.song.list === song.list) return acts.toggle();
      const rows = all(PLAYABLE, row.closest("[data-list]"));
      const songs = rows.map(songOf);
      queue.load(songs, songs[rows.indexOf(row)]);
      go(queue.at);
    };

    const remove = (id) => {
      if (queue.drop(id)) {
        const over = !queue.song;
        if (over) queue.at -= 1;
        if (queue.song) go(over ? queue.after : queue.at, audio.paused);
        else {
          acts.stop();
          unfold(false);
          this.hidden = true;
        }
      }
      draw();
    };

    /** The rows of a list ranked anew become what comes after the song that plays. */
    this.replaceTail = (root) => {
      queue.follow(all(PLAYABLE, root).map(songOf));
      show();
    };

    /** The songs of a list as they are now, on its page and in the queue. */
    const follow = (fresh) => {
      const { songs: root, address } = fresh.dataset;
      const shown = first(`[data-songs="${root}"]`);
      const { id } = document.activeElement;
      if (queue.song?.root === root) this.replaceTail(fresh);
      if (!shown) return;
      const within = shown.matches(":focus-within");
      shown.replaceWith(fresh);
      window.htmx.process(fresh);
      history.replaceState(history.state, "", address);
      if (within) (first(`#${id || "main"}`, fresh) ?? first("ol", fresh)).focus({ preventScroll: true });
      mark();
    };

    const rate = async (form) => {
      const { song } = form.closest("[data-song]").dataset;
      const { list } = form.closest("[data-list]").dataset;
      const { value } = form.elements.stars;
      const body = { stars: Number(value), list: list || null };
      for (const one of queue.songs) if (one.song === song) one.stars = value;
      for (const star of all(`[data-song="${song}"] [name=stars]`)) star.checked = star.value === value;
      // One after the other: the last that is given is the last to arrive.
      rated = rated.then(() => send("PUT", `/songs/${song}/rating`, body)).catch(() => ({}));
      const { ok, status } = await rated;
      first("[role=status]", form).textContent = status === 202 ? say.sayKept : ok ? say.saySaved : say.sayUnsaved;
    };

    // --- What its buttons do, by their data-player -----------------------------------------------

    const acts = {
      toggle: () => (audio.paused ? queue.song && resume() : audio.pause()),
      next: () => go(queue.after),
      // After four seconds it starts the song again.
      previous: () => (now > 4 || !queue.at ? (audio.currentTime = 0) : go(queue.at - 1)),
      seek: ({ dataset }) => (audio.currentTime += Number(dataset.by)),
      stop() {
        report?.tell(audio.currentTime, "abandoned");
        report = known = null;
        audio.removeAttribute("src");
        audio.load();
        mark();
        if (queue.song) progress(0);
      },
      mute(button) {
        audio.muted = !audio.muted;
        button.ariaPressed = audio.muted;
      },
      shuffle: () => queue.shuffle(),
      repeat() {
        queue.repeat = { off: "all", all: "one", one: "off" }[queue.repeat];
        toast(draw());
      },
      playNext(button) {
        const song = songOf(button.closest("[data-song]"));
        queue.playNext(song);
        if (queue.song) toast(words(say.sayNext, song));
        else go(0);
      },
      jump: (button) => go(queue.placeOf(button.closest("li").dataset.id)),
      drop(button) {
        const { id } = button.closest("li").dataset;
        const at = queue.placeOf(id);
        remove(id);
        (all("[data-player=drop]", panel)[at] ?? first("button", panel)).focus();
      },
      clear: () => queue.arrange(queue.songs.filter((one) => one === queue.song)),
      expand: () => unfold(!state.contains("is-full")),
    };

    /** Over the whole page, on a phone; a page that came meanwhile is shown. */
    const unfold = (full) => {
      state.toggle("is-full", full);
      first("#page").inert = full;
      find("[aria-expanded]").ariaExpanded = full;
    };

    // --- What it shows ---------------------------------------------------------------------------

    const show = () => {
      const { song } = queue;
      this.hidden = false;
      state.add("is-open");
      Object.assign(say, song);
      fill(this, song);
      for (const star of all("[name=stars]", this)) star.checked = star.value === song.stars;
      if (session) session.metadata = new MediaMetadata({ ...song, artwork: [{ src: song.art }] });
      draw();
    };

    /** The queue's panel and the buttons about it; returns how it repeats, in words. */
    const draw = () => {
      if (String(all("li", panel).map((row) => row.dataset.id)) !== String(queue.ids)) {
        const rows = queue.songs.map((song) => {
          const row = first("template", panel).content.firstElementChild.cloneNode(true);
          Object.assign(row.dataset, { id: song.song, name: song.title });
          fill(row, song);
          return row;
        });
        first("ol", panel).replaceChildren(...rows);
      }
      find("[data-player=shuffle]").ariaPressed = Boolean(queue.plain);
      const repeat = find("[data-player=repeat]");
      repeat.value = queue.repeat;
      mark();
      return (repeat.ariaLabel = repeat.dataset[queue.repeat]);
    };

    const progress = (at) => {
      now = at;
      const total = audio.duration || Number(queue.song.duration);
      find("[data-elapsed]").textContent = clock(now);
      find("[data-total]").textContent = clock(total);
      seek.value = (now / total) * 100;
      seek.ariaValueText = `${clock(now)} / ${clock(total)}`;
      session?.setPositionState({ duration: total, position: Math.min(now, total) });
      return total;
    };

    /** Which row plays, here and on the page. */
    const mark = (loading = false) => {
      const playing = !audio.paused;
      const marks = { "is-playing": playing, "is-loading": loading };
      for (const row of [this, ...all("[data-list] [data-song], #queue li")]) {
        const { song, id = song } = row.dataset;
        const current = row === this || (id === queue.song?.song && audio.hasAttribute("src"));
        for (const name in marks) row.classList.toggle(name, current && marks[name]);
        row.classList.toggle("is-current", current);
        first("[data-play]", row)?.setAttribute("aria-pressed", current && playing);
      }
      if (session) session.playbackState = playing ? "playing" : "paused";
    };

    const emit = (name) => {
      document.dispatchEvent(new CustomEvent(`player:${name}`, { detail: { ...queue.song } }));
    };

    // --- What it hears ---------------------------------------------------------------------------

    const on = (target, heard) => {
      for (const name in heard) target.addEventListener(name, heard[name]);
    };

    on(audio, {
      playing: () => mark(),
      waiting: () => mark(true),
      pause() {
        mark();
        if (!audio.ended) report?.tell(audio.currentTime);
      },
      ended() {
        report?.tell(audio.currentTime, "completed");
        report = null;
        go(queue.repeat === "one" ? queue.at : queue.after);
      },
      error() {
        mark();
        if (audio.hasAttribute("src")) toast(say.sayFailed);
      },
      timeupdate() {
        if (!audio.hasAttribute("src")) return;
        const total = progress(audio.currentTime);
        if (audio.paused) return;
        report?.reached(now);
        const next = queue.songs[queue.after]?.audio;
        // Twenty seconds before the end, or after most of the song, and one song ahead and no more:
        // each that is fetched may have to be rendered first.
        if (!next || next === ahead || (total - now > 20 && now < 0.6 * total)) return;
        ahead = next;
        this.spare = new Audio(next);
      },
    });

    on(document, {
      click({ target }) {
        const button = target.closest("[data-play], [data-play-all], [data-player]");
        if (!button) return;
        const row = button.closest("[data-song]") ?? first(PLAYABLE);
        const act = acts[button.dataset.player];
        if (act) act(button);
        else if (row) playRow(row);
        draw();
      },
      change: ({ target: { form } }) => form?.matches("[data-rate]") && rate(form),
      "htmx:configRequest"({ detail }) {
        const { elt } = detail;
        // htmx keeps the address that a boosted link had at first.
        if (elt.matches(".player__opinion")) detail.path = elt.pathname;
        if (elt.matches("[data-nudge]")) detail.parameters.played = String(queue.ids.slice(0, queue.at + 1));
      },
      "htmx:afterRequest"({ detail: { successful, elt, xhr } }) {
        if (!successful || !elt.matches("[data-nudge]")) return;
        const fresh = first("[data-songs]", new DOMParser().parseFromString(xhr.responseText, "text/html"));
        if (fresh) follow(fresh);
      },
      // Not after the swap: until it settles, a row has the classes of the one before.
      "htmx:afterSettle"() {
        for (const row of all(".song--gone")) remove(row.dataset.song);
        unfold(first("#page").inert);
        mark();
      },
    });
    seek.oninput = () => (audio.currentTime = (seek.value / 100) * progress(now));
    panel.addEventListener("sorted", ({ detail: { ids } }) => queue.arrange(ids.map((id) => queue.songs[queue.placeOf(id)])));
    volume.value = audio.volume = localStorage.volume ?? volume.value;
    volume.oninput = () => (audio.volume = localStorage.volume = volume.value);

    const keys = {
      play: () => queue.song && resume(),
      pause: () => audio.pause(),
      stop: acts.stop,
      nexttrack: acts.next,
      previoustrack: acts.previous,
      seekbackward: ({ seekOffset: by = 10 }) => (audio.currentTime -= by),
      seekforward: ({ seekOffset: by = 10 }) => (audio.currentTime += by),
      seekto: ({ seekTime }) => (audio.currentTime = seekTime),
    };
    for (const name in keys) session?.setActionHandler(name, keys[name]);
    watchKeys(this);

    // --- What it keeps over a reload -------------------------------------------------------------

    const leave = ({ type }) => {
      known = report?.known ?? known;
      if (type === "pagehide") {
        report?.tell(audio.currentTime, "abandoned");
        report = null;
        audio.pause(); // a page that comes back goes on when asked to
      }
      sessionStorage.player = JSON.stringify(!queue.song || { owner: say.owner, queue, now, known });
    };
    // Where the window has grown, nothing is left to fold the player up with.
    const resize = () => find("[aria-expanded]").offsetParent || unfold(false);
    on(window, { pagehide: leave, visibilitychange: leave, resize });

    const kept = JSON.parse(sessionStorage.player ?? null);
    if (kept?.owner === say.owner) {
      Object.assign(queue, kept.queue);
      known = kept.known;
      show();
      audio.preload = "metadata";
      audio.src = `${queue.song.audio}#t=${kept.now}`;
      progress(kept.now);
      mark();
    }
  }
}

customElements.define("music-player", MusicPlayer);
