// The page of all parts in a real browser: app.js does what docs/style.md says, axe finds
// nothing, and nothing sticks out on a phone. browser.mjs PREVIEW, in the source's root.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) {
	console.log("skip pages in a browser # no chromium");
	process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "folkmoot-parts-"));
const sent = [];
const asked = [];
const server = createServer((request, response) => {
	const url = new URL(request.url, "http://localhost");
	if (request.method === "POST") {
		let body = "";
		request.on("data", (piece) => (body += piece));
		request.on("end", () => {
			sent.push(body);
			// Slow, so that a second press comes before the answer.
			setTimeout(() => response.setHeader("Content-Type", "text/html").end("<title>Sent</title>"), 600);
		});
	} else if (url.pathname === "/similar") {
		asked.push(url.searchParams.get("q"));
		response.end("<p>Benches on Mill Lane</p>");
	} else if (existsSync(join(folder, url.pathname)) && url.pathname !== "/") {
		const type = url.pathname.endsWith(".css") ? "text/css" : url.pathname.endsWith(".js")
			? "text/javascript" : "text/html; charset=utf-8";
		response.setHeader("Content-Type", type);
		response.setHeader("Content-Security-Policy", "default-src 'self'");
		response.end(readFileSync(join(folder, url.pathname)));
	} else {
		response.writeHead(404).end();
	}
}).listen(0, "127.0.0.1");
const page_url = () => `http://127.0.0.1:${server.address().port}/parts.html`;

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
let bad = 0;

async function check(name, options, run) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
	const page = await context.newPage();
	const errors = [];
	page.on("pageerror", (error) => errors.push(error.message));
	page.on("console", (message) => message.type() === "error" && !message.text().includes("404") &&
		errors.push(message.text()));
	try {
		await page.goto(page_url());
		await run(page, context);
		if (errors.length > 0)
			throw new Error(errors.join("; "));
		console.log(`ok ${name}`);
	} catch (error) {
		bad++;
		console.log(`# ${error.message.replaceAll("\n", "\n# ")}\nnot ok ${name}`);
	}
	await context.close();
}

function same(got, want) {
	if (JSON.stringify(got) !== JSON.stringify(want))
		throw new Error(`got ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
}

async function axe(page) {
	await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
	const { violations } = await page.evaluate(() => window.axe.run());
	same(violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 80)}`), []);
}

const make = (language) => execFileSync(process.argv[2], [folder, language]);

make("en-GB");
await check("ticking updates sum, number and bar", {}, async (page) => {
	same(await page.textContent("[data-ballot-sum]"), "£7,700.50");
	await page.uncheck("[data-cost='120050']");
	same(await page.textContent("[data-ballot-sum]"), "£6,500");
	same(await page.textContent("[data-ballot-count]"), "1");
	await page.check("[data-cost='3800000']");
	same(await page.textContent("[data-ballot-sum]"), "£44,500");
	same(Math.round(await page.getAttribute("[data-ballot-bar]", "width")), Math.round(320 * 44500 / 120000));
});
await check("a form is sent once, with the pressed button's form data", {}, async (page) => {
	await page.evaluate(() => {
		const button = document.querySelector("#ballot .btn");
		button.name = "pressed";
		button.value = "yes";
		button.click();
		button.click();
	});
	await page.waitForURL("**/sent");
	same(sent.length, 1);
	same(sent[0].includes("pressed=yes"), true);
});
await check("similar ideas are asked for once somebody stops typing", {}, async (page) => {
	await page.fill("#name", "");
	await page.type("#name", "benches", { delay: 20 });
	await page.waitForSelector("#similar p");
	same(asked, ["benches"]);
	await page.fill("#name", "be");
	await page.waitForSelector("#similar p", { state: "detached" });
});
await check("the receipt is copied", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
	await page.click("[data-copy]");
	await page.waitForFunction(() => document.querySelector("[data-copy]").textContent === "Copied");
	same(await page.evaluate(() => navigator.clipboard.readText()), "7f3a 91c2 aa08 2f1b");
});
await check("the error summary has the focus", {}, async (page) => {
	same(await page.evaluate(() => document.activeElement.id), "error-summary");
});
await check("without JavaScript the page is whole", { javaScriptEnabled: false }, async (page) => {
	same(await page.locator("[data-copy]").isVisible(), false);
	same(await page.locator("#ballot .btn").first().isVisible(), true);
});
for (const width of [360, 1280])
	for (const colorScheme of ["light", "dark"])
		await check(`axe finds nothing at ${width} px, ${colorScheme}`,
			{ viewport: { width, height: 800 }, colorScheme, bypassCSP: true }, axe);
for (const language of ["en-XA", "ar-XB"]) {
	make(language);
	await check(`nothing sticks out at 360 px in ${language}`, { viewport: { width: 360, height: 800 } },
		async (page) => {
			same(await page.evaluate(() => [...document.querySelectorAll("main *, footer *")].filter((e) => {
				const box = e.getBoundingClientRect();
				return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !e.closest(".vh, thead, svg");
			}).map((e) => e.outerHTML.slice(0, 80))), []);
		});
}

await browser.close();
server.close();
rmSync(folder, { recursive: true });
process.exit(bad > 0 ? 1 : 0);
