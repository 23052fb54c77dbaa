/// Filter, keyboard and details of the map. Everything from the tree gets into the page as text, never as markup.
enum HTMLScript {
    static let text = #"""
        "use strict";
        (() => {
          const data = JSON.parse(document.getElementById("data").textContent);
          const $ = (id) => document.getElementById(id);
          const groups = [...document.querySelectorAll("tbody")].map((body) => ({
            body, fold: body.querySelector(".fold"), isOpen: false, subs: [...body.querySelectorAll("tr.sub")],
          }));
          const layout = $("layout"), details = $("details"), search = $("search"), status = $("status");
          let opened = null;

          const show = (element, isShown) => { element.hidden = !isShown; };
          const make = (name, text, className) => {
            const element = document.createElement(name);
            if (text !== undefined) element.textContent = text;
            if (className) element.className = className;
            return element;
          };

          // --- Unfolding and filtering

          const setFold = (group, isOpen) => {
            group.isOpen = isOpen;
            refresh(group);
          };
          let words = [], verdicts = new Set(), isFiltered = false;
          const matches = (row) => {
            const hasVerdict = row.dataset.verdicts.split(" ").some((verdict) => verdicts.has(verdict));
            return hasVerdict && words.every((word) => row.dataset.text.includes(word));
          };
          const refresh = (group) => {
            const found = group.subs.filter((row) => !isFiltered || matches(row));
            const isOpen = group.isOpen || isFiltered;
            group.fold.setAttribute("aria-expanded", String(isOpen));
            for (const row of group.subs) show(row, false);
            for (const row of found) show(row, isOpen);
            show(group.body, found.length > 0);
            return found.length;
          };
          const filter = () => {
            words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
            const boxes = [...document.querySelectorAll("input[name=verdict]")];
            verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
            isFiltered = words.length > 0 || verdicts.size < boxes.length;
            const count = groups.map(refresh).reduce((sum, one) => sum + one, 0);
            status.textContent = isFiltered ? `${count} of ${status.dataset.total} sub-operations shown` : "";
          };

          // --- Details of a cell

          const list = (parent, title, steps) => {
            if (!steps.length) return;
            parent.append(make("h3", title));
            const items = make("ol");
            for (const [place, message, source, column] of steps) {
              const item = make("li");
              if (place) item.append(make("code", place), make("br"));
              item.append(make("span", message));
              if (source) item.append(make("pre", source + (column ? "\n" + " ".repeat(column - 1) + "^" : "")));
              items.append(item);
            }
            parent.append(items);
          };
          const section = (row) => {
            const part = make("section");
            const name = row.subOperation ? `${row.handler}(${row.subOperation})` : row.handler;
            part.append(make("h2", `${name} for ${row.guest}`));
            part.append(make("p", row.verdict, "chip " + data.classes[row.verdict]));
            const facts = make("dl");
            const fact = (title, text) => { if (text) facts.append(make("dt", title), make("dd", text)); };
            fact("hypercall", row.hypercall);
            fact("returns", row.returnType);
            fact("range", row.range || "nothing returns");
            fact("the guest sees", row.slots);
            fact("at", row.place);
            fact("not decided", row.reason);
            fact("why", row.explanation);
            fact("found in", row.configurations);
            part.append(facts);
            list(part, "The way of the value", row.evidence);
            list(part, "Conversions that lose bits", row.narrowings);
            for (const [title, steps] of row.furtherPaths || []) list(part, title, steps);
            return part;
          };
          const close = () => {
            if (!opened) return;
            opened.setAttribute("aria-pressed", "false");
            show(details, false);
            layout.classList.remove("split");
            opened.focus();
            opened = null;
          };
          const open = (cell) => {
            if (opened) opened.setAttribute("aria-pressed", "false");
            opened = cell;
            cell.setAttribute("aria-pressed", "true");
            const button = make("button", "Close", "close");
            button.type = "button";
            button.addEventListener("click", close);
            details.replaceChildren(button, ...cell.dataset.rows.split(" ").map((index) => section(data.rows[index])));
            show(details, true);
            layout.classList.add("split");
            details.focus();
          };

          // --- Keyboard: arrows move between the cells that can be seen

          const step = (from, rows, columns) => {
            const lines = [...document.querySelectorAll("tbody tr")].filter((row) => row.getClientRects().length > 0);
            const line = lines.indexOf(from.closest("tr"));
            const row = lines[line + rows];
            if (!row) return;
            const column = [...from.closest("tr").children].indexOf(from.closest("td, th")) + columns;
            const target = row.children[column] && row.children[column].querySelector("button");
            if (target) target.focus();
          };
          document.addEventListener("keydown", (event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (event.key === "Escape") return close();
            const isInput = event.target.matches("input");
            if (event.key === "/" && !isInput) { event.preventDefault(); search.focus(); return; }
            const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
            const move = moves[event.key];
            if (move && event.target.matches("tbody button")) {
              event.preventDefault();
              step(event.target, ...move);
            }
          });

          for (const group of groups) {
            group.fold.addEventListener("click", () =>
              setFold(group, !group.isOpen));
          }
          $("map").addEventListener("click", (event) => {
            const cell = event.target.closest(".cell");
            if (cell) open(cell);
          });
          search.addEventListener("input", filter);
          for (const box of document.querySelectorAll("input[name=verdict]")) box.addEventListener("change", filter);
          $("unfold").addEventListener("click", () => {
            const isOpen = $("unfold").getAttribute("aria-pressed") !== "true";
            $("unfold").setAttribute("aria-pressed", String(isOpen));
            for (const group of groups) setFold(group, isOpen);
          });
          filter();
        })();
        """#
}
