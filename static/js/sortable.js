// A list whose items are put in order: dragged by a grip, or moved by keys and buttons.
//
// <sortable-list data-say-moved="{name}: place {place} of {count}"><ol>
//   <li data-id="…" data-name="…"> <span data-grip> <button data-up> <button data-down> …
//
// The <ol> may be left out. Alt+ArrowUp and Alt+ArrowDown move the item that holds the focus.
// Dispatches "sorted" after each move, with the ids as they are now and the one moved.

class SortableList extends HTMLElement {
  connectedCallback() {
    if (this.onclick) return;
    const said = this.appendChild(document.createElement("p"));
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    let dragged;
    let from;

    const list = () => [...this.querySelectorAll("[data-id]")];

    /** Put an item at a place, counted from 0; whether that moved it. The focus stays in it. */
    const put = (item, place) => {
      const items = list();
      const was = items.indexOf(item);
      if (place === was || !items[place]) return false;
      const focus = document.activeElement;
      items[place][place > was ? "after" : "before"](item);
      if (item.contains(focus)) focus.focus();
      item.scrollIntoView({ block: "nearest" });
      return true;
    };

    const tell = ({ dataset: { id, name } }) => {
      const ids = list().map((one) => one.dataset.id);
      const values = { name, place: ids.indexOf(id) + 1, count: ids.length };
      said.textContent = this.dataset.sayMoved.replace(/{(\w+)}/g, (_all, word) => values[word]);
      this.dispatchEvent(new CustomEvent("sorted", { bubbles: true, detail: { ids, moved: id } }));
    };

    const step = (event, by) => {
      const item = event.target.closest("[data-id]");
      if (!item) return;
      event.preventDefault();
      if (put(item, list().indexOf(item) + by)) tell(item);
    };

    this.onclick = (event) => {
      if (event.target.closest("[data-up]")) step(event, -1);
      if (event.target.closest("[data-down]")) step(event, 1);
    };
    this.onkeydown = (event) => {
      const by = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by) step(event, by);
    };
    this.onpointerdown = ({ target, button, pointerId }) => {
      if (!target.closest("[data-grip]") || button) return;
      // By the list, because a grip that is moved in the document loses the pointer.
      this.setPointerCapture(pointerId);
      dragged = target.closest("[data-id]");
      from = list().indexOf(dragged);
      dragged.classList.add("is-dragged");
    };
    this.onpointermove = ({ clientY }) => {
      const above = list().filter((one) => {
        const { top, height } = one.getBoundingClientRect();
        return one !== dragged && top + height / 2 < clientY;
      });
      if (dragged) put(dragged, above.length);
    };
    this.onlostpointercapture = () => {
      if (!dragged) return; // a touch holds whatever it tapped
      dragged.classList.remove("is-dragged");
      if (list().indexOf(dragged) !== from) tell(dragged);
      dragged = null;
    };
  }
}

customElements.define("sortable-list", SortableList);
