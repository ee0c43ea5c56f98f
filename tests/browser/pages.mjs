// What holds for every page: valid, accessible in light and dark, light in weight, no wider than
// a phone, every word translatable, nothing asked from elsewhere.
import { readFileSync } from "node:fs";
import { HtmlValidate } from "html-validate";
import { check, none, same } from "./cases.mjs";
import { crawl } from "./crawl.mjs";
import { Visitor } from "./site.mjs";

const KIB = 1024;
const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const validator = new HtmlValidate(JSON.parse(readFileSync("tests/browser/htmlvalidate.json", "utf8")));
const tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

async function axe_faults(page, run) {
	if (!(await page.evaluate(() => "axe" in window)))
		await page.evaluate(axe);
	const { violations } = await page.evaluate((options) => window.axe.run(document, options), run);
	return violations.map(({ id, nodes: [first] }) => `axe: ${id}: ${first.html.slice(0, 160)} ` +
		first.failureSummary.replace(/\s+/g, " ").slice(0, 200));
}

async function html_faults(html) {
	const report = await validator.validateString(html);
	return report.results.flatMap((result) => result.messages.map((m) =>
		`html: ${m.ruleId}: ${m.message} at ${html.slice(Math.max(0, m.offset - 40), m.offset + 60)}`));
}

// Sizes of what pages link to, by address, measured once each.
const sizes = new Map();
async function size_of(visitor, url) {
	if (!sizes.has(url))
		sizes.set(url, (await (await visitor.context.request.get(url)).body()).length);
	return sizes.get(url);
}

async function weight_faults(visitor, html) {
	const linked = await visitor.page.$$eval(
		"link[rel=stylesheet], link[rel=icon], script[src], main img",
		(all) => all.map((e) => [e.rel ?? "", e.href || e.src]));
	let total = html.length;
	const faults = [];
	for (const [rel, url] of linked) {
		const size = await size_of(visitor, url);
		total += size;
		if (rel === "stylesheet" && size > 15 * KIB)
			faults.push(`the style sheet weighs ${size}`);
	}
	const fonts = await visitor.page.evaluate(() => performance.getEntriesByType("resource")
		.map((entry) => entry.name).filter((name) => name.includes(".woff2")));
	let font_bytes = 0;
	for (const url of fonts)
		font_bytes += await size_of(visitor, url);
	if (total > 100 * KIB)
		faults.push(`the page weighs ${total}`);
	if (font_bytes > 150 * KIB)
		faults.push(`its fonts weigh ${font_bytes}`);
	return faults;
}

async function width_faults(page) {
	const [width, widest] = await page.evaluate(() => [document.scrollingElement.scrollWidth,
		[...document.querySelectorAll("main *")].find((e) => e.getBoundingClientRect().right > innerWidth + 1 &&
			!e.closest(".vh, .away, svg, .scroll"))?.outerHTML.slice(0, 120)]);
	return width > 360 ? [`scrolls sideways: ${width} px: ${widest}`] : [];
}

// All of it, for the page where the visitor is. The same content is looked at once.
const looked_at = new Set();
export async function faults_of_page(visitor, kind) {
	const { page } = visitor;
	const html = await visitor.answer.text();
	const faults = [...await html_faults(html), ...await width_faults(page),
		...await weight_faults(visitor, html)];
	const content = /<main[^]*<\/main>/.exec(html)[0].replace(/[0-9a-f]{32}/g, "")
		.replace(/name="key" value="[^"]*"/g, "");
	if (!looked_at.has(content)) {
		looked_at.add(content);
		faults.push(...await axe_faults(page, { runOnly: tags }));
		await page.emulateMedia({ colorScheme: "dark" });
		faults.push(...(await axe_faults(page, { runOnly: ["color-contrast", "link-in-text-block"] }))
			.map((fault) => `dark: ${fault}`));
		await page.emulateMedia({ colorScheme: "light" });
	}
	return faults.map((fault) => `${kind} (${visitor.path()}): ${fault}`);
}

export const roles = {
	"signed out": null, resident: "maya@alder-vale.example", steward: "ruth@alder-vale.example",
	treasurer: "tom@alder-vale.example",
};

// Every form with something to fill in, sent as empty as it comes.
async function send_empty(visitor, path, kind, faults) {
	const forms = visitor.page.locator("main form[method=post]");
	for (let i = 0, count = await forms.count(); i < count; i++) {
		const form = forms.nth(i);
		if (await form.locator("input:not([type=hidden]), textarea, select").count() === 0)
			continue;
		await Promise.all([visitor.page.waitForNavigation(), form.evaluate((f) => {
			for (const field of f.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), textarea"))
				if (field.type !== "radio")
					field.value = "";
			f.noValidate = true;
			f.querySelector("button").click();
		})]);
		if (visitor.answer.status() >= 400)
			faults.push(...await faults_of_page(visitor, `${kind} with nothing filled in`));
		await visitor.go(path);
	}
}

// Forms of the rounds `walked` are left alone: somebody counts their ballots later.
export async function look_at_pages(site, browser, walked = []) {
	const reached = new Set();
	for (const [role, email] of Object.entries(roles))
		await check(`every page is in order: ${role}`, async () => {
			const visitor = email ? await Visitor.known(site, browser, email) : await Visitor.come(site, browser);
			const faults = [];
			const from = ["/alder-vale/"];
			if (role === "resident") { // an idea of her own, which she may change
				await visitor.go("/alder-vale/ideas?q=Quiet+hour");
				from.unshift(await visitor.page.locator("main li a").first().getAttribute("href"));
			}
			const kinds = await crawl(visitor, async (path, kind) => {
				if (visitor.answer.status() !== 200)
					faults.push(`${path}: ${visitor.answer.status()}`);
				faults.push(...await faults_of_page(visitor, kind));
				if (!walked.some((round) => path.startsWith(round)))
					await send_empty(visitor, path, kind, faults);
			}, { from });
			kinds.forEach((kind) => reached.add(kind));
			await visitor.context.close();
			none([...faults, ...visitor.faults]);
		});
	await check("the crawl reached the pages it is about", async () => {
		for (const page of ["", "about", "decisions", "decisions/how-we-count", "decisions/new", "decisions/ID",
			"decisions/ID/ballot", "decisions/ID/box", "decisions/ID/closer", "decisions/ID/count", "decisions/ID/result",
			"decisions/ID/roll", "decisions/ID/roll/ID", "decisions/ID/turnout", "decisions/ID/void",
			"decisions/ID/options/ID/withdraw", "ideas", "ideas/ID", "ideas/ID/check", "ideas/ID/edit",
			"ideas/ID/history", "ideas/by/ID", "ideas/new", "join", "money", "money/entries/ID", "money/pay",
			"money/projects/ID", "queue", "record", "record/ID"])
			same([page, reached.has(`/alder-vale/${page}`)], [page, true]);
	});
	await check("pages that say no are in order too", async () => {
		let visitor = await Visitor.come(site, browser);
		const faults = [];
		const look = async (path, status) => {
			await visitor.go(path);
			same([path, visitor.answer.status()], [path, status]);
			faults.push(...await faults_of_page(visitor, path));
		};
		await look("/", 200);
		await look("/set-up", 200);
		await look(site.set_up, 200);
		await send_empty(visitor, site.set_up, "set-up", faults);
		await look("/nowhere/at-all", 404);
		await look("/alder-vale/nothing", 404);
		await look("/alder-vale/ideas/0000000000000", 404);
		await look("/alder-vale/join/link?t=wrong", 422);
		await visitor.leave();
		visitor = await Visitor.known(site, browser, roles.resident);
		await look("/alder-vale/queue", 403);
		await look("/alder-vale/money/pay", 403);
		await visitor.leave();
		none(faults);
	});
}
