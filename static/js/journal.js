// The journal: a page asked for to be played begins by itself, and days of a picture open softly.

class ReplayNow extends HTMLElement {
  connectedCallback() {
    // Back and reload show the songs without playing them again.
    history.replaceState(history.state, "", location.pathname);
    // Only after a tap, as browsers want it.
    if (navigator.userActivation?.hasBeenActive) document.querySelector("[data-play-all]")?.click();
  }
}

// htmx boosts HTML links alone: a link of a picture would load a whole page and end the music.
class DayLinks extends HTMLElement {
  connectedCallback() {
    this.onclick = (event) => {
      const day = event.target.closest("a");
      if (!(day instanceof SVGElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const link = this.appendChild(document.createElement("a"));
      link.href = day.getAttribute("href");
      htmx.process(link);
      link.click();
    };
  }
}

customElements.define("replay-now", ReplayNow);
customElements.define("day-links", DayLinks);
