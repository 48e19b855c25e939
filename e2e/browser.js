// Opens the report as a reader would: from the file system, in Debian's Chromium, with nothing else reachable.
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const report = process.env.REPORT ?? "report";
/** The page under test: REPORT is a report folder or a single HTML file. */
export const file = path.resolve(report.endsWith(".html") ? report : path.join(report, "index.html"));
export const address = pathToFileURL(file).href;
/** Where pictures are kept; none are taken without SHOTS. */
export const shots = process.env.SHOTS ? path.resolve(process.env.SHOTS) : null;

if (!existsSync(file)) {
  throw new Error(`no report at ${file}: set REPORT to a folder written by \`counterpart assess\``);
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", // root in a container has no user namespaces
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking", // the browser's own calls home would blur whose request was whose
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Opens the report with a reader's settings and keeps a record of what must not happen.
 * `trouble` fills with console errors and uncaught exceptions, `requests` with every address asked for.
 */
export async function open(browser, { width = 1280, height = 1400, scheme = "light", script = true, fragment = "" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: "reduce",
    javaScriptEnabled: script,
    hasTouch: width < 500,
    serviceWorkers: "block",
  });
  const page = await context.newPage();
  const trouble = [];
  const requests = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") trouble.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`exception: ${error.message}`));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(address + fragment, { waitUntil: "load" });
  return { page, trouble, requests, close: () => context.close() };
}
