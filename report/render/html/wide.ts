import { h, type Element } from "../../../pages/tree";

/**
 * A table that may be wider than the window. People without a mouse can scroll it, because it takes the focus.
 * @param label what the table has
 */
export const wide = (label: string, table: Element): Element =>
  h("div", { class: "wide", tabindex: "0", role: "group", "aria-label": `${label}: table` }, table);
