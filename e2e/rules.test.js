// The rules themselves, on a page that breaks each of them: a check that cannot fail checks nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.js";
import * as rules from "./rules.js";

const BROKEN = `<!doctype html><html lang="en"><title>Broken</title><style>a:focus { outline: none }</style><body>
<h1>One</h1><h3>Skipped a level</h3><h1>Another</h1>
<p id="twice">a</p><p id="twice">b</p><a href="#nowhere">there</a>
<p class="finding">Said <a class="num" href="#value" data-value="1,234">1.2 thousand</a> and <a class="num" href="#value">1234</a> in 2015, computed 17.5 from nbs2021.</p>
<p class="finding">Said <a class="num" href="#value">99</a> in <time>March 12</time>.</p>
<p class="finding">It cannot tell under any of 3 lenses, 1 of 13 provinces treated, 2015..2020. The 95% interval and 4 more.</p>
<p id="value">The figure is 1,234 yuan.</p><div style="width: 3000px">wide</div></body></html>`;

let browser;
let page;
before(async () => {
  browser = await launch();
  page = await browser.newPage();
  await page.setContent(BROKEN);
});
after(() => browser?.close());

test("each rule names what is wrong", async () => {
  assert.deepEqual(await page.evaluate(rules.headings), ["2 h1", "h3 after h1: Skipped a level"]);
  assert.deepEqual(await page.evaluate(rules.links), ["id used twice: twice", "link to nowhere: #nowhere (there)"]);
  assert.deepEqual(await page.evaluate(rules.figures), ["1.2 thousand: not shown at #value", "99: not shown at #value"]);
  assert.deepEqual(
    (await page.evaluate(rules.bareFigures)).map((fault) => fault.split(" in: ")[0]),
    ["17.5"],
  );
  assert.match((await page.evaluate(rules.sideways))[0], /^3\d{3} px wide in a window of \d+/);
});

test("a focus that cannot be seen is noticed", async () => {
  await page.keyboard.press("Tab");
  const at = await page.evaluate(rules.focused);
  assert.equal(at.ring, false);
  assert.equal(at.href, "#nowhere");
});
