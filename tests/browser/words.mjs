// Every word of a page is one that can be translated: in en-XA nothing that the program says has
// a plain letter. What people wrote stays as it is: that is what the demo's source holds.
import { readFileSync } from "node:fs";
import { check, none, same } from "./cases.mjs";
import { crawl } from "./crawl.mjs";
import { roles } from "./pages.mjs";
import { Visitor } from "./site.mjs";

const literals = ["demo/ideas.c", "demo/main.c", "recipes/neighbourhood-endowment.conf"].flatMap((file) =>
	[...readFileSync(file, "utf8").replace(/"\s*\n\s*"/g, "").matchAll(/"((?:[^"\\]|\\.)*)"/g)]
		.map((hit) => hit[1].replaceAll('\\"', '"').replaceAll("\\n", " ")));
const tidy = (text) => text.replace(/[*_`]/g, "").replace(/\s+/g, " ").trim();
const written = tidy(literals.join(" | "));
const names = new Set(literals.filter((text) => /^\p{L}+$/u.test(text)));
// Names that are the same in every language, the languages' own names for themselves too.
const own = ["Folkmoot", "GBP", "Europe", "London", "English", "(United", "Kingdom"];

// What stands in text and in attributes that are read out, piece by piece.
const pieces_of = (page) => page.evaluate(() => {
	const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode())
		if (!walker.currentNode.parentElement.closest("[translate=no], script"))
			found.push(walker.currentNode.nodeValue);
	for (const element of document.querySelectorAll("[aria-label], [title], [alt], [placeholder], [data-label]"))
		for (const name of ["aria-label", "title", "alt", "placeholder", "data-label"])
			found.push(element.getAttribute(name) ?? "");
	return [...found, document.title];
});

function plain_words(text) {
	const typed = tidy(Visitor.typed.join(" | "));
	const runs = text.match(/[A-Za-z](?:[A-Za-z0-9£’' ,.:;?!()-]*[A-Za-z])?/g) ?? [];
	return runs.filter((run) => {
		const words = tidy(run);
		return !written.includes(words) && !typed.includes(words) &&
			!words.split(" ").every((word) => names.has(word) || own.includes(word));
	});
}

const reader = (site, browser, email, locale) =>
	email ? Visitor.known(site, browser, email, { locale }) : Visitor.come(site, browser, { locale });

export async function read_every_word(site, browser) {
	for (const role of ["signed out", "steward", "treasurer"])
		await check(`every word can be translated: ${role}`, async () => {
			const visitor = await reader(site, browser, roles[role], "en-XA"), faults = [];
			await crawl(visitor, async (path, kind) => {
				same(await visitor.page.getAttribute("html", "lang"), "en-XA", path);
				for (const piece of await pieces_of(visitor.page))
					for (const run of plain_words(piece))
						faults.push(`${kind}: “${run}” in “${piece.trim().slice(0, 120)}”`);
			});
			await visitor.leave();
			none([...new Set(faults)], 40);
		});
	await check("a page that runs from right to left fits a phone", async () => {
		const visitor = await reader(site, browser, roles.steward, "ar-XB"), faults = [];
		await crawl(visitor, async (path, kind) => {
			const [dir, width] = await visitor.page.evaluate(() => [document.documentElement.dir,
				document.scrollingElement.scrollWidth]);
			if (dir !== "rtl" || width > 360)
				faults.push(`${kind}: ${dir}, ${width} px wide`);
		});
		await visitor.leave();
		none(faults);
	});
}
