// What somebody types is shown as text, whatever it is: in every field of every form, and where
// it comes out again. A script that ran would open a dialog, an image would be asked for.
import { check, none, same } from "./cases.mjs";
import { crawl } from "./crawl.mjs";
import { roles } from "./pages.mjs";
import { Visitor } from "./site.mjs";

export const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

async function look(visitor, where, faults) {
	const found = await visitor.page.evaluate(() => document.querySelectorAll(
		"img[src='x'], script:not([src]), [onerror]").length);
	if (found > 0)
		faults.push(`${where}: became markup at ${visitor.page.url()}`);
}

// All forms of a page, all their fields but the form's own token.
async function send_everywhere(visitor, path, faults) {
	const forms = visitor.page.locator("form");
	for (let i = 0, count = await forms.count(); i < count; i++) {
		const form = forms.nth(i);
		if (/\/leave$/.test(await form.getAttribute("action")) ||
			await form.locator("input:not([type=hidden]), textarea, select").count() === 0)
			continue;
		await Promise.all([visitor.page.waitForNavigation(), form.evaluate((f, text) => {
			f.noValidate = true;
			for (const field of f.querySelectorAll("input, textarea, select")) {
				if (field.name === "csrf" || field.type === "file")
					continue;
				if (field.tagName === "SELECT")
					field.add(new Option(text, text, true, true));
				else if (field.type !== "hidden")
					field.type = "text";
				field.removeAttribute("maxlength");
				field.value = text;
			}
			f.querySelector("button").click();
		}, evil)]);
		await look(visitor, `form ${i + 1} of ${path}`, faults);
		await visitor.go(path);
	}
}

// Where text is let in, with everything else right.
async function write_it(site, browser) {
	const eve = await Visitor.come(site, browser), ruth = await Visitor.known(site, browser, roles.steward);
	await eve.sign_in("mallory@example.org", { name: evil.slice(0, 60) });
	await eve.go("/alder-vale/ideas/new");
	await eve.fill({ title: evil, body: `${evil}\n\n[click](javascript:alert(1)) ![x](x)`, cost: "10" });
	await eve.page.locator("form.card button.btn").click();
	await eve.page.waitForURL(/ideas\/[0-9a-z]{13}$/);
	const idea = eve.path();
	await eve.fill({ body: evil });
	await eve.press("Add comment");
	await eve.sees(evil);
	same(await eve.page.locator("a[href^=javascript]").count(), 0);
	await eve.go(`${idea}/edit`);
	await eve.fill({ title: `Again ${evil}` });
	await eve.press("Save");
	await ruth.go(`${idea}/check`);
	await ruth.fill({ owner: evil, permission: evil, real_cost: "10" });
	await ruth.press("Mark as ready for a vote");
	await ruth.go("/alder-vale/decisions/new");
	await ruth.fill({ title: evil, intro: evil, budget: "1000" });
	await ruth.press("Save and choose the ideas");
	for (const title of [`Again ${evil}`, "Swap shop for school uniforms"])
		await ruth.tick(ruth.page.getByLabel(title, { exact: true }));
	await ruth.press("Put the ticked ideas on the ballot");
	await ruth.press("Fix all this and open the round");
	const round = ruth.path();
	await ruth.page.locator(".opt", { hasText: "Again" })
		.getByRole("link", { name: "Withdraw this idea" }).click();
	await ruth.page.waitForURL(/withdraw/);
	await ruth.fill({ reason: evil });
	await ruth.press("Withdraw this idea");
	await ruth.follow("End it without a count");
	await ruth.fill({ reason: evil });
	await ruth.press("End the round");
	const faults = [];
	for (const who of [eve, ruth])
		for (const path of ["/alder-vale/", "/alder-vale/ideas", idea, `${idea}/history`, round,
			"/alder-vale/decisions", "/alder-vale/queue", "/alder-vale/record"]) {
			await who.go(path);
			await look(who, path, faults);
		}
	await ruth.go(round);
	await ruth.sees(evil);
	none([...faults, ...eve.faults, ...ruth.faults]);
	await eve.leave();
	await ruth.leave();
}

export async function try_injection(site, browser) {
	await check("markup that is let in comes out as text", () => write_it(site, browser));
	for (const role of ["resident", "steward", "treasurer"])
		await check(`markup in every field of every form: ${role}`, async () => {
			const visitor = await Visitor.known(site, browser, roles[role]), faults = [];
			await crawl(visitor, (path) => send_everywhere(visitor, path, faults),
				{ from: ["/alder-vale/", "/alder-vale/join", site.set_up] });
			none([...faults, ...visitor.faults]);
			await visitor.leave();
		});
}
