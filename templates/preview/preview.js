"use strict";

// Without this script the page is one long text; with it, one part of it shows at a time, and one card.
document.documentElement.classList.add("scripts");

document.addEventListener("DOMContentLoaded", () => {
  const find = (id) => document.getElementById(id);
  const WIDE = matchMedia("(min-width: 60rem)");
  const NIGHT = matchMedia("(prefers-color-scheme: dark)");
  const STATE = "cheatdeck-preview";

  const views = [...document.querySelectorAll(".view")];
  const groups = [...document.querySelectorAll(".group")];
  const form = document.querySelector(".search");
  const stage = document.querySelector(".stage");
  const place = find("open_");
  const theme = find("theme_");
  const width = find("width_");

  const cards = [...document.querySelectorAll(".entry")].map((row) => ({
    row,
    id: row.id,
    body: row.querySelector(".body"),
    faces: [...row.querySelectorAll(".face")],
    link: row.querySelector("a"),
    text: row.dataset.text.toLowerCase(),
    chapter: row.dataset.chapter,
    kind: row.dataset.kind,
    tasks: row.dataset.tasks.split(" "),
    tags: row.dataset.tags.split(" "),
    isShown: true,
  }));
  const byId = new Map(cards.map((card) => [card.id, card]));
  let shown = cards;
  let open = null;

  // All cards share one style sheet: one in each would be most of the page.
  const style = new CSSStyleSheet();
  style.replaceSync(find("face_css_").content.textContent);
  for (const { faces } of cards) {
    for (const face of faces) {
      face.shadowRoot.adoptedStyleSheets = [style];
    }
  }

  // Search and filters

  const isAbout = (task, wanted) => task === wanted || task.startsWith(`${wanted}.`);
  const wordsOf = (field) => field.value.toLowerCase().split(/\s+/).filter(Boolean);

  const filter = () => {
    const words = wordsOf(form.elements.words);
    const { chapter, kind, task, tag } = form.elements;
    const isWanted = (card) =>
      (!chapter.value || card.chapter === chapter.value) &&
      (!kind.value || card.kind === kind.value) &&
      (!task.value || card.tasks.some((each) => isAbout(each, task.value))) &&
      (!tag.value || card.tags.includes(tag.value)) &&
      words.every((word) => card.text.includes(word));
    for (const card of cards) {
      const wanted = isWanted(card);
      if (wanted !== card.isShown) {
        card.isShown = wanted;
        card.row.hidden = !wanted;
      }
    }
    shown = cards.filter((card) => card.isShown);
    const chapters = new Set(shown.map((card) => card.row.parentElement));
    for (const group of groups) {
      group.hidden = !chapters.has(group.querySelector("ol"));
    }
    const all = cards.length.toLocaleString("en");
    find("count_").textContent =
      shown.length === cards.length ? `${all} cards` : `${shown.length.toLocaleString("en")} of ${all} cards`;
    showPosition();
  };

  // Cards

  const isNight = () => (theme.value ? theme.value === "dark" : NIGHT.matches);

  const dress = () => {
    document.documentElement.style.colorScheme = theme.value || "light dark";
    if (open) {
      for (const face of open.faces) {
        face.style.maxWidth = width.value;
        for (const each of face.shadowRoot.querySelectorAll(".card")) {
          each.classList.toggle("night-mode", isNight());
        }
      }
    }
  };

  // What scrolls sideways has to be reached by keyboard.
  const letScroll = (root) => {
    for (const each of root.querySelectorAll(".table, pre")) {
      if (each.scrollWidth > each.clientWidth) {
        each.tabIndex = 0;
      }
    }
  };

  const sideOf = (card) => card.faces[0].dataset.side;

  const showSide = (side) => {
    for (const face of open.faces) {
      face.dataset.side = side;
      letScroll(face.shadowRoot);
    }
    find("flip_").textContent = side === "question" ? "Show answer" : "Show question";
  };

  const flip = () => {
    if (open) {
      showSide(sideOf(open) === "question" ? "answer" : "question");
    }
  };

  const showPosition = () => {
    const at = open ? shown.indexOf(open) : -1;
    find("position_").textContent = at < 0 ? "" : `${at + 1} of ${shown.length.toLocaleString("en")}`;
    find("previous_").disabled = at === 0 || !shown.length;
    find("next_").disabled = !shown.length || at === shown.length - 1;
  };

  const shut = () => {
    if (!open) {
      return;
    }
    for (const face of open.faces) {
      delete face.dataset.side;
      face.style.maxWidth = "";
    }
    open.link.removeAttribute("aria-current");
    open.row.classList.remove("current");
    open.row.append(open.body);
    open = null;
    stage.hidden = true;
    document.documentElement.classList.remove("open");
  };

  const show = (card, side = "question") => {
    shut();
    open = card;
    place.replaceChildren(card.body);
    card.link.setAttribute("aria-current", "true");
    card.row.classList.add("current");
    stage.hidden = false;
    document.documentElement.classList.add("open");
    showSide(side);
    dress();
    showPosition();
    card.row.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const at = open ? shown.indexOf(open) : -1;
    const next = shown[at < 0 ? 0 : at + by];
    if (next) {
      history.replaceState(null, "", `#${next.id}`);
      show(next);
      if (!WIDE.matches) {
        scrollTo(0, 0);
      }
    }
  };

  // Parts of the page

  const showView = (view) => {
    for (const each of views) {
      each.hidden = each !== view;
    }
    for (const link of document.querySelectorAll(".top nav a")) {
      if (link.hash === `#${view.id}`) {
        link.setAttribute("aria-current", "page");
      } else {
        link.removeAttribute("aria-current");
      }
    }
    letScroll(view);
  };

  const route = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const card = byId.get(id);
    const target = find(id);
    if (card) {
      showView(find("cards_"));
      if (!card.isShown) {
        form.reset();
        filter();
      }
      if (card !== open) {
        show(card);
      }
      if (!WIDE.matches) {
        scrollTo(0, 0);
      }
      return;
    }
    const view = target?.closest(".view") ?? find("cards_");
    const wasHidden = view.hidden;
    showView(view);
    if (view.id !== "cards_") {
      if (target === view && wasHidden) {
        scrollTo(0, 0);
      } else if (target !== view) {
        within.value = "";
        search();
        target.scrollIntoView();
      }
    } else if (WIDE.matches) {
      if (!open && shown.length) {
        show(shown[0]);
      }
    } else {
      const last = open;
      shut();
      last?.row.scrollIntoView({ block: "center" });
      last?.link.focus({ preventScroll: true });
    }
  };

  // The text's own search shows the sections that have all words.

  const within = find("within_");
  let sections = null;

  const search = () => {
    sections ??= [...document.querySelectorAll(".part > .own")].map((own) => ({
      own,
      text: own.textContent.toLowerCase(),
    }));
    const words = wordsOf(within);
    let count = 0;
    for (const section of sections) {
      section.own.hidden = !words.every((word) => section.text.includes(word));
      count += section.own.hidden ? 0 : 1;
    }
    find("within_count_").textContent = words.length ? `${count} of ${sections.length} sections` : "";
  };

  // What a reload of the page keeps

  const keep = () => {
    const state = {
      fields: [...form.elements, within, theme, width].filter((each) => each.id || each.name).map((each) => each.value),
      side: open && sideOf(open),
      card: open?.id,
      scroll: scrollY,
      scrolled: stage.scrollTop,
      filters: document.querySelector(".filters").open,
    };
    try {
      sessionStorage.setItem(STATE, JSON.stringify(state));
    } catch {
      // A browser that keeps nothing for a page reloads it as new.
    }
  };

  const kept = () => {
    try {
      const state = JSON.parse(sessionStorage.getItem(STATE));
      sessionStorage.removeItem(STATE);
      return performance.getEntriesByType("navigation")[0]?.type === "reload" ? state : null;
    } catch {
      return null;
    }
  };

  const restore = (state) => {
    const fields = [...form.elements, within, theme, width].filter((each) => each.id || each.name);
    fields.forEach((each, place) => {
      each.value = state.fields[place] ?? "";
      if (each.selectedIndex === -1) {
        each.value = "";
      }
    });
    document.querySelector(".filters").open = state.filters;
    filter();
    route();
    search();
    if (open && open.id === state.card && state.side) {
      showSide(state.side);
    }
    scrollTo(0, state.scroll);
    stage.scrollTop = state.scrolled;
  };

  // A server that builds the notes again whenever they change says so.

  const listen = (address) => {
    const events = new EventSource(address);
    events.addEventListener("reload", () => location.reload());
    events.addEventListener("problems", (event) => {
      const { isStale, reports } = JSON.parse(event.data);
      const panel = find("problems_");
      const heading = document.createElement("p");
      heading.textContent = isStale
        ? "The notes have problems; this page shows them as they were before."
        : "The notes have no error, but something to look at.";
      const shown = reports.map((report) => {
        const each = document.createElement("pre");
        each.textContent = report;
        return each;
      });
      panel.hidden = !reports.length;
      panel.replaceChildren(...(reports.length ? [heading, ...shown] : []));
      letScroll(panel);
    });
  };

  const offer = (pdfs) => {
    const links = Object.entries(pdfs).map(([address, name]) => {
      const link = document.createElement("a");
      Object.assign(link, { href: address, textContent: name, target: "_blank" });
      const item = document.createElement("li");
      item.append(link);
      return item;
    });
    const list = document.querySelector(".pdfs");
    list.replaceChildren(...links);
    list.hidden = false;
  };

  // Keys and clicks

  const hasOwnKeys = (target) => target.closest("input, select, textarea, button, summary");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || find("cards_").hidden) {
      return;
    }
    const target = event.composedPath()[0];
    if (event.key === "Escape" && open && !WIDE.matches) {
      location.hash = "cards_";
    } else if (target.closest("input, select, textarea")) {
      return;
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      if (target.tabIndex === 0 && target.matches("pre, .table")) {
        return;
      }
      event.preventDefault();
      step(event.key === "ArrowRight" ? 1 : -1);
    } else if (event.key === " " && !hasOwnKeys(target) && open) {
      event.preventDefault();
      flip();
    }
  });

  place.addEventListener("click", (event) => {
    const path = event.composedPath();
    const isFace = open?.faces.some((face) => path.includes(face));
    const isOther = path.some((each) => each.matches?.("a, input"));
    if (isFace && !isOther && getSelection().isCollapsed) {
      flip();
    }
  });

  find("flip_").addEventListener("click", flip);
  find("previous_").addEventListener("click", () => step(-1));
  find("next_").addEventListener("click", () => step(1));
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  within.addEventListener("input", search);
  theme.addEventListener("change", dress);
  width.addEventListener("change", dress);
  NIGHT.addEventListener("change", dress);
  WIDE.addEventListener("change", route);
  addEventListener("hashchange", route);
  addEventListener("pagehide", keep);
  addEventListener("beforeprint", shut);
  addEventListener("afterprint", route);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-task]");
    if (link) {
      form.reset();
      form.elements.task.value = link.dataset.task;
      document.querySelector(".filters").open = true;
      filter();
    }
  });

  const state = kept();
  if (state) {
    restore(state);
  } else {
    route();
  }
  const live = document.querySelector('meta[name="cheatdeck-live"]');
  if (live) {
    listen(live.content);
    offer(JSON.parse(live.dataset.pdfs));
  }
});
