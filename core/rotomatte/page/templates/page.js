"use strict";
// Column heads become buttons that sort the table; without this the table is in the order that counts most.
const table = document.getElementById("table");
if (table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const valueOf = (row, column) => {
    const { sort } = row.cells[column].dataset;
    return sort === undefined ? row.cells[column].textContent.trim() : Number(sort);
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      // Of figures, the largest are wanted first.
      const order = head.classList.contains("number") ? ["descending", "ascending"] : ["ascending", "descending"];
      const direction = head.getAttribute("aria-sort") === order[0] ? order[1] : order[0];
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", direction);
      const sign = direction === "ascending" ? 1 : -1;
      const rows = [...body.rows];
      rows.sort((a, b) => sign * compare(valueOf(a, column), valueOf(b, column)));
      body.append(...rows);
    });
  });
}
