// How a screen lies in the page: what sticks out, what is cut, what lies over what, what a finger hits.

/** Runs a measurement of this file in the page. Returns what is wrong, in words. */
export async function measure(page, what, ...args) {
  const ready = await page.evaluate(() => Boolean(globalThis.layout));
  if (!ready) await page.evaluate(`globalThis.layout = (${install})()`);
  return page.evaluate(([what, args]) => globalThis.layout[what](...args), [what, args]);
}

/** What is installed in the page; it must stand on its own. */
function install() {
  const CONTROLS = "a[href], button, input, select, textarea, summary, [role=option], [tabindex='0']";
  const MEANT = "ellipsis";

  const seen = (element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest("[inert], .toasts, .skip");
  const box = (element) => element.getBoundingClientRect();
  /** For the ear only. */
  const hidden = (element) => Boolean(element.closest(".hide")) || getComputedStyle(element).clipPath === "inset(50%)";
  const name = (element) => {
    const words = element.getAttribute("aria-label") || element.innerText || element.labels?.[0]?.innerText || element.id;
    return `${element.tagName.toLowerCase()}${element.className && typeof element.className === "string" ? `.${element.className}` : ""} “${words.trim().slice(0, 40)}”`;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter((element) => seen(element) && !hidden(element));
  /** The window over everything, if there is one, or the page. */
  const top = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const inTop = (selector) => all(selector).filter((element) => top().contains(element));
  /** It is scrolled sideways on purpose, as a row of filters is. */
  const inScroller = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return true;
    }
    return false;
  };
  /** What a finger hits: a field of a line with words is hit by all of it. */
  const target = (element) => {
    const line = element.matches("input[type=checkbox], input[type=radio], input.hide") && element.closest("label");
    return line || element;
  };

  return {
    /** The page scrolls sideways, or something sticks out of it. */
    sticksOut() {
      const { scrollWidth, clientWidth } = document.documentElement;
      const out = all("body *").filter((element) => box(element).right > clientWidth + 1 && !inScroller(element));
      const first = out.filter((element) => !out.includes(element.parentElement)).slice(0, 4);
      const page = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : [];
      return [...page, ...first.map((element) => `${name(element)} ends at ${Math.round(box(element).right)} px`)];
    },

    /** Words that are cut. Where they are cut on purpose, the whole stands behind the link, in the tip, or in the heading. */
    cut() {
      const texts = all("body *").filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
      const isCut = (element) => {
        const style = getComputedStyle(element);
        if (style.overflowX === "visible" || element.matches("textarea, input, pre")) return false;
        const cut = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2;
        const meant = style.textOverflow === MEANT || style.webkitLineClamp !== "none";
        const elsewhere = element.closest("a, button, [title], .page-title, li");
        return cut && !(meant && elsewhere) && !["auto", "scroll"].includes(style.overflowX);
      };
      // A frame may cut what sticks out of it, even where the words themselves do not.
      const isOutside = (element) => {
        for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
          const style = getComputedStyle(at);
          if (["auto", "scroll"].includes(style.overflowX) || style.webkitLineClamp !== "none" || style.textOverflow === MEANT) return false;
          if (style.overflowX === "hidden" && box(element).right > box(at).right + 1) return true;
        }
        return false;
      };
      return texts.filter((element) => isCut(element) || isOutside(element)).map((element) => `cut: ${name(element)}`);
    },

    /** Controls that lie over each other, and words over words. */
    overlaps() {
      const controls = inTop(CONTROLS).map(target);
      const each = [...new Set(controls)].map((element) => [element, box(element)]).filter(([, { width, height }]) => width && height);
      const found = [];
      for (const [at, [one, a]] of each.entries()) {
        for (const [other, b] of each.slice(at + 1)) {
          if (one.contains(other) || other.contains(one)) continue;
          const [across, down] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
          if (across > 2 && down > 2 && !inScroller(one) && !inScroller(other)) found.push(`${name(one)} lies over ${name(other)} by ${Math.round(across)} × ${Math.round(down)}`);
        }
      }
      return found.slice(0, 6);
    },

    /** Controls smaller than this. A link in a sentence is as high as its line. */
    small(least) {
      const inSentence = (element) => element.matches("p a, dd a, li > a:not([class])") && element.parentElement.innerText.trim() !== element.innerText.trim();
      const targets = [...new Set(inTop(CONTROLS).filter((element) => !element.matches("[role=tabpanel]") && !inSentence(element)).map(target))];
      const little = targets.filter((element) => box(element).width < least || box(element).height < least);
      return little.map((element) => `${name(element)} is ${Math.round(box(element).width)} × ${Math.round(box(element).height)} px`);
    },

    /** What has the focus: its name, and what is wrong with how it is seen. Nothing at the end of the page. */
    focus() {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const ring = (at) => at && getComputedStyle(at).outlineStyle !== "none" && parseFloat(getComputedStyle(at).outlineWidth) >= 1;
      // Between the parts of a date the browser shows the part.
      const shown = element.matches("[type=date], [type=time]") || [hidden(element) ? target(element) : element, element.nextElementSibling, element.closest(".search")].some(ring);
      const { left, right, top, bottom } = box(target(element));
      const points = [[(left + right) / 2, (top + bottom) / 2], [left + 3, top + 3], [right - 3, bottom - 3], [right - 3, top + 3], [left + 3, bottom - 3]];
      const free = points.some(([x, y]) => {
        const hit = document.elementFromPoint(x, y);
        return hit && (element.contains(hit) || hit.contains(element) || target(element).contains(hit));
      });
      const wrong = [...(shown ? [] : ["it is not seen that it has the focus"]), ...(free ? [] : ["something lies over all of it"])];
      const key = [name(element), Math.round(left), Math.round(top + scrollY), element.id].join(" ");
      return { key, name: name(element), wrong };
    },

    /** What moves although it should not. */
    moves() {
      const time = (text) => Math.max(...text.split(",").map((part) => parseFloat(part) * (part.trim().endsWith("ms") ? 1 : 1000)));
      const moving = all("body *").filter((element) => {
        const { transitionDuration, animationName, animationDuration } = getComputedStyle(element);
        return time(transitionDuration) > 0 || (animationName !== "none" && time(animationDuration) > 0);
      });
      return [...new Set(moving.map((element) => `${element.tagName.toLowerCase()}.${element.className} moves`))];
    },
  };
}
