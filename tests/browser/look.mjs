// Pictures of every page to look at: LOOK=FOLDER node tests/browser/look.mjs FOLKMOOT DEMO
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { crawl } from "./crawl.mjs";
import { launch } from "./launch.mjs";
import { start_site, Visitor } from "./site.mjs";

const folder = process.env.LOOK;
const roles = { out: null, resident: "maya", steward: "ruth", treasurer: "tom" };
const site = await start_site(process.argv[2], process.argv[3]);
const browser = await chromium.launch(launch);
mkdirSync(folder, { recursive: true });
for (const [role, who] of Object.entries(roles)) {
	const visitor = who ? await Visitor.known(site, browser, `${who}@alder-vale.example`)
		: await Visitor.come(site, browser);
	await crawl(visitor, async (path, kind) => {
		const page = kind === "/" ? "/start" : kind.replace("/alder-vale", "");
		const name = role + page.replace(/[^A-Za-z-]+/g, "_");
		for (const width of [360, 1280])
			for (const colorScheme of ["light", "dark"]) {
				if (colorScheme === "dark" && role !== "steward")
					continue;
				await visitor.page.emulateMedia({ colorScheme });
				await visitor.page.setViewportSize({ width, height: 800 });
				await visitor.page.screenshot({ fullPage: true,
					path: join(folder, `${name}-${width}-${colorScheme}.png`) });
			}
	});
	await visitor.context.close();
}
await browser.close();
await site.stop();
