// @ts-check
"use strict";

/**
 * What tests ask of a page. The browser runs this file before the page's own script. `page.evaluate` calls the functions
 * by name, because functions of a test have no types of a browser.
 */

/** @type {string[]} */
const violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`);
});

/** @param {string} color like `rgb(1, 2, 3)` or `color(srgb 0.1 0.2 0.3)` */
function channels(color) {
  const numbers = (color.match(/[\d.]+/g) ?? []).map(Number);
  const scale = color.startsWith("color(") ? 1 : 255;
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbers;
  return { rgb: [red / scale, green / scale, blue / scale], alpha };
}

/**
 * @param {string} color
 * @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
 */
function luminance(color) {
  const [red = 0, green = 0, blue = 0] = channels(color).rgb.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {Element} element */
function backgroundOf(element) {
  for (let one = /** @type {Element | null} */ (element); one !== null; one = one.parentElement) {
    const { backgroundColor } = getComputedStyle(one);
    if (channels(backgroundColor).alpha > 0) return backgroundColor;
  }
  return "rgb(255, 255, 255)";
}

/** @param {Element} element */
const hasOwnText = (element) =>
  [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "");

/** @param {Element} element */
const isVisible = (element) => element.checkVisibility() && element.getClientRects().length > 0;

const facts = {
  violations: () => violations,

  /** Texts whose contrast with their background is below a ratio, each once. @param {number} ratio */
  weakContrasts(ratio) {
    const weak = [...document.querySelectorAll("body *")]
      .filter((element) => hasOwnText(element) && isVisible(element) && !element.matches("script, noscript"))
      .map((element) => {
        const color = getComputedStyle(element).color;
        const background = backgroundOf(element);
        const [light = 0, dark = 0] = [luminance(color), luminance(background)].sort(
          (one, other) => other - one,
        );
        const contrast = (light + 0.05) / (dark + 0.05);
        return { contrast, words: `${color} on ${background}: ${element.tagName} ${element.className}` };
      })
      .filter(({ contrast }) => contrast < ratio);
    return [...new Set(weak.map(({ contrast, words }) => `${contrast.toFixed(2)} ${words}`))];
  },

  /** Elements and attributes that no page has: what a text of a plan became, if anything. */
  intruders() {
    const strange = [...document.querySelectorAll("*")].filter(
      (element) =>
        element.matches(
          "img, iframe, object, embed, form, base, link, svg:not(main svg.chart), video, audio, template, frame",
        ) ||
        (element.matches("script") &&
          !element.matches("script[type='application/json']:is(#data, [id^=facts-], [id^=replay-])") &&
          element !== [...document.scripts].at(-1)) ||
        (element.matches("style") && element !== document.querySelector("head > style")) ||
        (element.matches("meta") && element.closest("head") === null) ||
        [...element.attributes].some(({ name }) => /^on|^style$|^src/.test(name)) ||
        (element.hasAttribute("href") && !/^#[\w=&%+.*-]+$/.test(element.getAttribute("href") ?? "")),
    );
    return strange.map((element) => element.outerHTML.slice(0, 200));
  },

  /** What has the focus, and whether a reader sees that. */
  focus() {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      tag: element.tagName.toLowerCase(),
      text: element.textContent ?? "",
      item: element.closest(".item")?.id ?? null,
      hasOutline: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2,
    };
  },

  /** @param {string} selector @param {string} property */
  style: (selector, property) =>
    getComputedStyle(/** @type {Element} */ (document.querySelector(selector))).getPropertyValue(property),

  /** Whether the page is wider than the window. */
  overflows: () => document.documentElement.scrollWidth > document.documentElement.clientWidth,

  elements: () => document.querySelectorAll("*").length,

  closedDetails: () => document.querySelectorAll("details:not([open])").length,
};

Object.assign(globalThis, { facts });
