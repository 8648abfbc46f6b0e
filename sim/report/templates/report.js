/* Search, folding and sorting of a report's page. Without it the page is whole; nothing is loaded. */
(() => {
  const body = document.body, say = (name) => body.dataset[name];
  const main = document.getElementById("content");

  /* Sections: what follows a heading is folded by it. */
  const groups = [];
  for (const heading of main.querySelectorAll("h2")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.setAttribute("aria-expanded", "true");
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    groups.push({ heading, button, pieces: [] });
  }
  let group = null;
  for (const block of main.querySelectorAll(".block")) {
    for (const piece of block.children) {
      const own = groups.find((one) => one.heading === piece);
      if (own) group = own;
      else if (group) group.pieces.push(piece);
    }
  }
  for (const { button, pieces } of groups) {
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
      for (const piece of pieces) piece.hidden = !open;
    });
  }

  /* Tables: a click on a heading sorts by its column, numbers by size, a second click the other way. */
  const number = (text) => {
    const found = text.replaceAll(",", "").replace("−", "-").match(/^[+<]?\s*(-?[\d.]+)/);
    return found ? Number(found[1]) : NaN;
  };
  const compare = (a, b) => {
    const x = number(a), y = number(b);
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
    return Number.isNaN(x) ? a.localeCompare(b, document.documentElement.lang) : x - y;
  };
  for (const table of main.querySelectorAll("table")) {
    const heads = [...table.querySelectorAll("thead th")];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.title = say("sort");
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => way * compare(a.cells[column].textContent, b.cells[column].textContent));
        table.tBodies[0].append(...rows);
      });
    });
  }

  /* Search: rows of tables that do not hold the words are left out. */
  const label = document.createElement("label"), field = document.createElement("input");
  const count = document.createElement("output");
  label.className = "search";
  field.type = "search";
  label.append(say("search"), " ", field, " ", count);
  main.before(label);
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let shown = 0;
    for (const row of main.querySelectorAll("tbody tr")) {
      row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
      shown += row.hidden ? 0 : 1;
    }
    for (const folded of main.querySelectorAll("details")) {
      folded.open = wanted !== "" && folded.querySelector("tbody tr:not([hidden])") !== null;
    }
    count.textContent = wanted === "" ? "" : `${shown} ${say("rows")}`;
  });
})();
