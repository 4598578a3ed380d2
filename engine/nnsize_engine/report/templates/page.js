"use strict";
// Values of charts by mouse, finger and arrow keys; tables sorted by their headings. Texts are set as text, never as HTML.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const REACH = 14; // units along x within which a point of a series belongs to the place pointed at

  function readChart(reader) {
    const values = JSON.parse(reader.querySelector("script").textContent);
    const svg = reader.querySelector("svg"), readout = reader.querySelector(".readout"), spoken = reader.querySelector(".spoken");
    const places = values.x;
    if (!places.length) return;
    const box = svg.viewBox.baseVal;
    const cross = document.createElementNS(SVG, "g");
    svg.append(cross);
    let now = -1;

    const made = (name, parent, text, kind) => {
      const one = document.createElement(name);
      if (text) one.textContent = text;
      if (kind) one.className = kind;
      parent.append(one);
      return one;
    };
    const drawn = (name, attributes) => {
      const one = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
      cross.append(one);
    };
    const nearest = (points, at) => {
      let best = null;
      for (const point of points) {
        if (best === null || Math.abs(places[point[0]][0] - at) < Math.abs(places[best[0]][0] - at)) best = point;
      }
      return best !== null && Math.abs(places[best[0]][0] - at) <= REACH ? best : null;
    };
    const hide = () => { readout.hidden = true; cross.replaceChildren(); now = -1; };

    function show(place) {
      now = Math.max(0, Math.min(places.length - 1, place));
      const [at, name] = places[now];
      cross.replaceChildren();
      readout.replaceChildren();
      drawn("path", { d: `M${at} 12V${box.height - 30}`, class: "cross" });
      const heading = [values.label, name].filter(Boolean).join(" ");
      made("b", readout, heading);
      const said = [heading];
      const row = (role, words, text) => {
        const line = made("div", readout, "", `r-${role}`);
        made("i", line);
        made("span", line, words);
        made("em", line, text);
        said.push(`${words} ${text}`.trim());
      };
      for (const one of values.series) {
        const point = nearest(one.points, at);
        if (point === null) continue;
        drawn("circle", { cx: places[point[0]][0], cy: point[1], r: 4, class: `r-${one.role} mark highlight` });
        row(one.role, one.name, point[2]);
      }
      for (const level of values.levels) row(level.role, level.name, "");
      readout.hidden = false;
      const scale = svg.clientWidth / box.width, width = readout.offsetWidth, x = at * scale;
      const left = x + 14 + width <= reader.clientWidth ? x + 14 : Math.max(0, x - 14 - width);
      readout.style.left = `${Math.max(0, Math.min(left, reader.clientWidth - width))}px`;
      readout.style.top = "8px";
      return said.join(", ");
    }

    function pointed(event) {
      const at = (event.clientX - svg.getBoundingClientRect().left) * box.width / svg.clientWidth;
      let best = 0;
      for (let one = 1; one < places.length; one += 1) {
        if (Math.abs(places[one][0] - at) < Math.abs(places[best][0] - at)) best = one;
      }
      show(best);
    }
    reader.addEventListener("pointermove", pointed);
    reader.addEventListener("pointerdown", pointed);
    reader.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") hide(); });
    reader.addEventListener("blur", hide);
    reader.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 10 : 1;
      const to = { ArrowLeft: now - step, ArrowRight: now + step, Home: 0, End: places.length - 1 }[event.key];
      if (event.key === "Escape") hide();
      if (to === undefined) return;
      event.preventDefault();
      spoken.textContent = show(to);
    });
  }

  function readMap(reader) {
    const svg = reader.querySelector("svg"), readout = reader.querySelector(".readout"), spoken = reader.querySelector(".spoken");
    const cells = [...svg.querySelectorAll("rect.heat")], columns = Number(svg.dataset.columns);
    const titles = cells.map((cell) => cell.querySelector("title")), names = titles.map((title) => title.textContent);
    for (const title of titles) title.remove(); // the browser would show them, too
    let now = -1;
    const hide = () => { cells[now]?.classList.remove("here"); readout.hidden = true; now = -1; };

    function show(place) {
      hide();
      now = Math.max(0, Math.min(cells.length - 1, place));
      cells[now].classList.add("here");
      readout.textContent = names[now];
      readout.hidden = false;
      const box = cells[now].getBoundingClientRect(), all = reader.getBoundingClientRect();
      const left = box.left - all.left + (box.width - readout.offsetWidth) / 2;
      readout.style.left = `${Math.max(0, Math.min(left, all.width - readout.offsetWidth))}px`;
      readout.style.top = `${box.bottom - all.top + 6}px`;
    }
    for (const kind of ["pointermove", "pointerdown"]) {
      reader.addEventListener(kind, (event) => {
        const place = cells.findIndex((cell) => {
          const box = cell.getBoundingClientRect();
          return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
        });
        if (place < 0) hide();
        else if (place !== now) show(place);
      });
    }
    reader.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") hide(); });
    reader.addEventListener("blur", hide);
    reader.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hide();
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: columns, ArrowDown: -columns }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      if (now < 0) show(0);
      else if (cells[now + step] !== undefined) show(now + step);
      spoken.textContent = names[now];
    });
  }

  function sortTable(table) {
    const body = table.tBodies[0], headings = [...table.tHead.rows[0].cells];
    const valueOf = (row, column) => {
      const cell = row.cells[column], text = cell.dataset.value ?? cell.textContent.trim();
      const number = Number(text.replaceAll(",", ""));
      if (text === "" || text === "-" || text === "NaN") return null;
      return Number.isNaN(number) ? text : number;
    };
    const compare = (one, other) => {
      if (typeof one === "number" && typeof other === "number") return one - other;
      if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
      return one.localeCompare(other, "en", { numeric: true });
    };
    headings.forEach((heading, column) => heading.querySelector("button").addEventListener("click", () => {
      const sign = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
      const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
      rows.sort(([one], [other]) => {
        if (one === null || other === null) return (one === null) - (other === null);
        return sign * compare(one, other);
      });
      body.append(...rows.map(([, row]) => row));
    }));
  }

  document.querySelectorAll(".reader").forEach(readChart);
  document.querySelectorAll(".map-reader").forEach(readMap);
  document.querySelectorAll("table.sortable").forEach(sortTable);
})();
