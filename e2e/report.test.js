// The written report in a real browser. REPORT names the folder, SHOTS where pictures go.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { address, launch, open, shots } from "./browser.js";
import * as rules from "./rules.js";

const SECTIONS = (process.env.SECTIONS ?? "answer gap pairings claims effect methods").split(" ");
const WIDTHS = [390, 820, 1280];
const SCHEMES = ["light", "dark"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser;
before(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  browser = await launch();
});
after(() => browser?.close());

/** Runs `body` on a freshly opened report and closes it whatever happens. */
async function on(settings, body) {
  const opened = await open(browser, settings);
  try {
    await body(opened.page, opened);
  } finally {
    await opened.close();
  }
}

/** Keeps a picture of what the reader sees, if pictures are wanted. */
async function shot(page, name) {
  if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`), animations: "disabled" });
}

/** Scrolls to each section, keeps a picture of it, and returns those that do not show. */
async function missingSections(page, name) {
  const missing = [];
  for (const id of SECTIONS) {
    const section = page.locator(`#${id}`);
    if ((await section.count()) !== 1 || !(await section.isVisible())) {
      missing.push(id);
      continue;
    }
    await section.scrollIntoViewIfNeeded();
    await page.evaluate((top) => scrollTo(0, scrollY + top), (await section.evaluate((e) => e.getBoundingClientRect().top)) - 8);
    await shot(page, `${id}-${name}`);
  }
  return missing;
}

/** Serious and critical breaches of the accessibility rules, one line each. */
async function axeFaults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  return violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.impact} ${v.id} (${v.nodes.length}): ${v.help}\n    ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join("\n    ")}`);
}

for (const width of WIDTHS) {
  for (const scheme of SCHEMES) {
    describe(`${width} px, ${scheme}`, { timeout: 240_000 }, () => {
      test("nothing goes wrong, nothing leaves the page, nothing scrolls sideways", () =>
        on({ width, scheme }, async (page, { trouble, requests }) => {
          assert.deepEqual(await missingSections(page, `${width}-${scheme}`), []);
          assert.deepEqual(await page.evaluate(rules.sideways), []);
          assert.deepEqual(trouble, []);
          assert.deepEqual(requests, [address]);
        }));

      test("axe finds nothing serious", () =>
        on({ width, scheme }, async (page) => {
          assert.deepEqual(await axeFaults(page), []);
        }));
    });
  }
}

describe("the page itself", { timeout: 240_000 }, () => {
  test("has a title, a language, one h1 and no skipped level", () =>
    on({}, async (page) => {
      assert.notEqual((await page.title()).trim(), "");
      assert.match((await page.getAttribute("html", "lang")) ?? "", /^[a-z]{2}/);
      assert.deepEqual(await page.evaluate(rules.headings), []);
    }));

  test("has unique ids and no link to nowhere", () =>
    on({}, async (page) => assert.deepEqual(await page.evaluate(rules.links), [])));

  test("leads from every figure in a sentence to that figure as said", () =>
    on({}, async (page) => {
      if (!process.env.SECTIONS) assert.ok((await page.locator(".finding a.num").count()) > 0, "no figure in any finding");
      assert.deepEqual(await page.evaluate(rules.figures), []);
      assert.deepEqual(await page.evaluate(rules.bareFigures), []);
    }));

  test("shows the target of a figure, also where it was folded away", () =>
    on({}, async (page) => {
      const targets = await page.$$eval('a.num[href^="#"]', (links) => [...new Set(links.map((l) => l.getAttribute("href")))]);
      for (const fragment of targets.slice(0, 12)) {
        await on({ fragment }, async (target) => {
          await target.waitForTimeout(50);
          assert.ok(await target.locator(`[id="${decodeURIComponent(fragment.slice(1))}"]`).isVisible(), fragment);
        });
      }
    }));

  test("passes axe with every disclosure open", () =>
    on({}, async (page) => {
      await page.$$eval("details", (all) => all.forEach((d) => (d.open = true)));
      assert.deepEqual(await page.evaluate(rules.sideways), []);
      assert.deepEqual(await axeFaults(page), []);
    }));

  test("stands without script", () =>
    on({ script: false }, async (page, { trouble, requests }) => {
      assert.deepEqual(await missingSections(page, "no-script"), []);
      assert.deepEqual(trouble, []);
      assert.deepEqual(requests, [address]);
    }));

  test("does not scroll sideways on a very small phone", () =>
    on({ width: 320 }, async (page) => assert.deepEqual(await page.evaluate(rules.sideways), [])));
});

describe("print", { timeout: 240_000 }, () => {
  test("is light and complete, whatever the screen", () =>
    on({ width: 794, height: 1123, scheme: "dark" }, async (page, { trouble }) => {
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      assert.deepEqual(await missingSections(page, "print"), []);
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number));
      assert.ok(paper[3] === 0 || paper.slice(0, 3).every((c) => c > 230), `paper is ${paper}`);
      const ink = await page.evaluate(() => getComputedStyle(document.querySelector("h1")).color.match(/[\d.]+/g).map(Number));
      assert.ok(ink.slice(0, 3).every((c) => c < 110), `ink is ${ink}`);
      if (shots) await page.pdf({ path: path.join(shots, "report.pdf"), format: "A4" });
      assert.deepEqual(trouble, []);
    }));
});

describe("keyboard", { timeout: 240_000 }, () => {
  for (const width of [390, 1280]) {
    test(`walks forward through everything it can reach at ${width} px`, () =>
      on({ width, height: 900 }, async (page) => {
        const faults = [];
        let first = null;
        for (let stop = 0; stop < 250; stop += 1) {
          await page.keyboard.press("Tab");
          const at = await page.evaluate(rules.focused);
          if (!at || at.again) break; // left the page, or came round
          first ??= at;
          if (!at.seen) faults.push(`${at.what}: focus is out of sight`);
          if (!at.ring) faults.push(`${at.what}: focus cannot be seen`);
          if (!at.named) faults.push(`${at.what}: has no name`);
          if (at.backwards) faults.push(`${at.what}: comes after what follows it`);
        }
        assert.deepEqual(faults, []);
        assert.match(first?.href ?? "", /^#/, "the first stop skips to the answer");
      }));
  }

  test("opens a disclosure", () =>
    on({}, async (page) => {
      const summary = page.locator("details:not([open]) > summary").first();
      if ((await summary.count()) === 0) return;
      const details = await summary.evaluateHandle((e) => e.parentElement);
      await summary.focus();
      await page.keyboard.press("Enter");
      assert.ok(await details.evaluate((e) => e.open));
    }));
});
