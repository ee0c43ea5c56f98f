// The program in a real browser: run.mjs FOLKMOOT FOLKMOOT_DEMO, in the source's root.
// On PostgreSQL (FOLKMOOT_DB) only the journeys: what pages look like is the same there.
// BROWSER_ONLY=expression for names of cases, BROWSER_TIMES=1: for whoever works on it.
import { existsSync } from "node:fs";
import { any_failed, Stop } from "./cases.mjs";
import { launch } from "./launch.mjs";

if (!existsSync(launch.executablePath)) {
	console.log("skip the program in a browser # no chromium");
	process.exit(0);
}
if (!existsSync("node_modules/playwright-core")) {
	console.log("skip the program in a browser # no node_modules: run ./test, or npm ci");
	process.exit(0);
}
const { chromium } = await import("playwright-core");
const { start_site } = await import("./site.mjs");
const { walk_to_vote, walk_from_count } = await import("./journey.mjs");
const { ways_to_vote, ways_from_count } = await import("./ways.mjs");

const { look_at_pages } = await import("./pages.mjs");
const { walk_by_keyboard, walk_without_javascript } = await import("./plain.mjs");
const { read_every_word } = await import("./words.mjs");
const { try_injection } = await import("./injection.mjs");

const [folkmoot, demo] = process.argv.slice(2);
const site = await start_site(folkmoot, demo);
const browser = await chromium.launch(launch);
try {
	const walk = await walk_to_vote(site, browser);
	const ways = await ways_to_vote(site, browser);
	if (!process.env.FOLKMOOT_DB) {
		await read_every_word(site, browser);
		await look_at_pages(site, browser, [walk.round, ways.round]);
	}
	await walk_without_javascript(site, browser);
	await walk_by_keyboard(site, browser);
	await walk_from_count(walk, folkmoot);
	await ways_from_count(ways);
	if (!process.env.FOLKMOOT_DB)
		await try_injection(site, browser);
} catch (error) {
	if (!(error instanceof Stop))
		throw error;
	console.log(`# ${error.message}`);
} finally {
	await browser.close();
	await site.stop();
}
process.exit(any_failed() ? 1 : 0);
