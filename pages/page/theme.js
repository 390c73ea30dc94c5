// @ts-check
"use strict";

const { element } = require("./elements");

const KEY = "session-audit-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** What a reader has chosen, or null. A browser may refuse to store anything for a file. */
function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string | null} theme */
function store(theme) {
  try {
    if (theme === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // The choice then lasts as long as the page is open.
  }
}

/** A button that changes between light and dark. Without a choice, the page follows the system. */
function themeButton() {
  const root = document.documentElement;
  const system = () => (dark.matches ? "dark" : "light");
  const current = () => root.dataset["theme"] ?? system();
  const button = element("button", { type: "button", class: "theme" });
  const update = () => {
    button.textContent = current() === "dark" ? "Light theme" : "Dark theme";
  };
  /** @param {string | null} theme */
  const choose = (theme) => {
    if (theme === "dark" || theme === "light") root.dataset["theme"] = theme;
    else delete root.dataset["theme"];
    update();
  };
  button.addEventListener("click", () => {
    const other = current() === "dark" ? "light" : "dark";
    const choice = other === system() ? null : other;
    store(choice);
    choose(choice);
  });
  dark.addEventListener("change", update);
  choose(stored());
  return button;
}

module.exports = { themeButton };
