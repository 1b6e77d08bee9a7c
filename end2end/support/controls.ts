// The controls of a page, and whether they are shown whole and large enough.

import type { Page } from '@playwright/test';

const CONTROLS =
  'button, a[href], input:not([type="hidden"]), select, summary, label:has(input), canvas, [role="grid"]';

/**
 * The controls and texts that are not shown whole: beside the window, cut off by an element around them, or wider than
 * their box. What scrolls shows all of it.
 */
export async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate((controls) => {
    const isShown = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      // A user's name has a limit; the account page has all of it. On a phone the status page has a choice of what to sort by
      // in place of the table's head.
      !element.closest('.skip, .visually-hidden, .user-name, .endpoints thead');
    const isHidden = (element: Element) => /hidden|clip/.test(getComputedStyle(element).overflowX);
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(controls)) {
      if (!isShown(element)) continue;
      const box = element.getBoundingClientRect();
      const name = `${element.tagName} ${element.ariaLabel ?? element.textContent?.trim().slice(0, 40)}`;
      let scrolls = false;
      for (let around = element.parentElement; around; around = around.parentElement) {
        const { overflowX } = getComputedStyle(around);
        if (/auto|scroll/.test(overflowX)) scrolls = true;
        const outer = around.getBoundingClientRect();
        const isInside =
          box.left >= outer.left - 1 &&
          box.right <= outer.right + 1 &&
          box.top >= outer.top - 1 &&
          box.bottom <= outer.bottom + 1;
        if (isHidden(around) && !isInside) found.push(`${name} is cut off by ${around.className}`);
      }
      if (!scrolls && (box.left < -1 || box.right > innerWidth + 1)) found.push(`${name} is beside the window`);
    }
    for (const element of document.querySelectorAll<HTMLElement>('main *, header *, footer *')) {
      const hasText = [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== '');
      const isBox = element.matches('button, summary, .tool') || isHidden(element);
      if (!hasText || !isBox || !isShown(element) || element.clientWidth <= 1) continue;
      if (element.scrollWidth > element.clientWidth + 1)
        found.push(`“${element.textContent?.trim()}” is wider than its box`);
    }
    return found;
  }, CONTROLS);
}

/** The controls that are smaller than 44 px, which a finger would miss. Links within a text are as high as its lines. */
export async function smallTargets(page: Page): Promise<string[]> {
  return page
    .locator('button, a[href], summary, select, [role="radiogroup"] label, input:not([type="radio"], [type="file"])')
    .evaluateAll((elements) =>
      elements
        .filter((element) => element.checkVisibility({ visibilityProperty: true }))
        .filter((element) => !element.closest('.skip, p'))
        // On a phone the head of this table is for screen readers only: there is a choice of what to sort by.
        .filter((element) => {
          const head = element.closest('.endpoints thead');
          return !head || getComputedStyle(head).clipPath === 'none';
        })
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
        .map(({ element, box }) => `${element.outerHTML.slice(0, 80)}: ${box.width} x ${box.height}`),
    );
}

/** The animations that run, each with its element. */
export async function runningAnimations(page: Page): Promise<(string | undefined)[]> {
  return page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState, effect }) => playState === 'running' && Number(effect?.getComputedTiming().duration) > 1)
      .map((animation) => (animation.effect as KeyframeEffect).target?.outerHTML.slice(0, 120)),
  );
}
