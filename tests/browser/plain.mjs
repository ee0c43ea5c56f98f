// The main way without JavaScript, and by keyboard alone.
import { check, same } from "./cases.mjs";
import { Visitor } from "./site.mjs";

export async function walk_without_javascript(site, browser) {
	await check("without JavaScript: join, add an idea, comment, vote, look for the receipt", async () => {
		const una = await Visitor.come(site, browser, { javaScriptEnabled: false });
		await una.go("/alder-vale/");
		await una.follow("Add an idea");
		await una.sign_in("una@example.org", { name: "Una Lind", by: "link", keep_page: true });
		same(una.path(), "/alder-vale/ideas/new");
		await una.fill({ title: "Benches on the walk to the mill", body: "To rest." });
		await una.press("Add this idea");
		await una.sees("Is it like one of these?", "Benches and shade");
		same(await una.page.locator("#body").inputValue(), "To rest.");
		await una.press("Add mine as well");
		await una.sees("Benches on the walk to the mill", "To rest.");
		await una.fill({ body: "Two would do." });
		await una.press("Add comment");
		await una.sees("Two would do.");
		await una.go("/alder-vale/decisions");
		await una.follow(/^Winter round/); // another one may be open as well
		await una.follow("Vote");
		await una.tick(una.page.locator("input[name=choice]").nth(1));
		await una.page.locator("#area").selectOption({ index: 1 });
		await una.tick(una.page.locator("#of_age"));
		await una.press("Put my ballot in the box");
		await una.sees("Your ballot is in the box");
		await una.press("Look for it in the box");
		await una.sees("Yes. A ballot with this receipt is in the box.");
		await una.press("Sign out");
		same(await una.page.getByText("Join or sign in").count() > 0, true);
		await una.leave();
	});
	await check("without JavaScript: a steward checks, drafts, opens and ends a round", async () => {
		const ruth = await Visitor.known(site, browser, "ruth@alder-vale.example", { javaScriptEnabled: false });
		await ruth.go("/alder-vale/queue");
		await ruth.follow("Repair the church clock");
		await ruth.fill({ owner: "", permission: "The vicar’s", real_cost: "a lot" });
		await ruth.press("Mark as ready for a vote");
		same(await ruth.page.locator("#permission").inputValue(), "The vicar’s");
		await ruth.fill({ owner: "Bell ringers", real_cost: "5600" });
		await ruth.press("Mark as ready for a vote");
		await ruth.go("/alder-vale/decisions/new");
		await ruth.fill({ title: "Clock round", budget: "6,000" });
		await ruth.press("Save and choose the ideas");
		for (const title of ["Repair the church clock", "Swap shop for school uniforms"])
			await ruth.tick(ruth.page.getByLabel(title, { exact: true }));
		await ruth.press("Put the ticked ideas on the ballot");
		await ruth.press("Fix all this and open the round");
		const round = ruth.path();
		await ruth.follow("End it without a count");
		await ruth.fill({ reason: "The clock runs again." });
		await ruth.press("End the round");
		await ruth.go(round);
		await ruth.sees("Ended without a count", "The clock runs again.");
		await ruth.press("Copy it into a new round");
		await ruth.sees("Change the round");
		await ruth.leave();
	});
}

// Presses Tab until what has the focus is called so; says when it can't be reached or seen.
async function tab_to(visitor, role, name) {
	const wanted = visitor.page.getByRole(role, { name, exact: typeof name === "string" }).first();
	for (let i = 0; i < 120; i++) {
		if (await wanted.evaluate((e) => e === document.activeElement)) {
			const seen = await wanted.evaluate((e) => {
				const style = getComputedStyle(e);
				return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
			});
			same([name, seen], [name, true], "focus to be seen");
			return;
		}
		await visitor.page.keyboard.press("Tab");
	}
	throw new Error(`Tab never comes to the ${role} “${name}” on ${await visitor.text()}`);
}

async function go_on(visitor, key = "Enter") {
	await Promise.all([visitor.page.waitForNavigation(), visitor.page.keyboard.press(key)]);
}

export async function walk_by_keyboard(site, browser) {
	await check("by keyboard alone: join, add an idea, vote", async () => {
		const kit = await Visitor.come(site, browser);
		const type = async (label, text) => {
			await tab_to(kit, "textbox", label);
			await kit.page.keyboard.type(text);
		};
		await kit.go("/alder-vale/");
		await kit.page.keyboard.press("Tab");
		same(await kit.page.evaluate(() => document.activeElement.className), "skip", "first of all:");
		await tab_to(kit, "link", "Add an idea");
		await go_on(kit);
		await type("Your e-mail address", "kit@example.org");
		await type("Your name, if you are new here", "Kit Moss");
		await go_on(kit);
		await type("The six digits", /began: (\d{6})/.exec(await site.mail("kit@example.org"))[1]);
		await go_on(kit);
		await type("Title", "Zebra crossing near the quarry");
		await type("What should happen, and why?", "Lorries.");
		await tab_to(kit, "button", "Add this idea");
		await go_on(kit);
		await kit.sees("Zebra crossing near the quarry");
		await kit.go("/alder-vale/decisions");
		await tab_to(kit, "link", /^Winter round/);
		await go_on(kit);
		await tab_to(kit, "link", "Vote");
		await go_on(kit);
		await tab_to(kit, "checkbox", "A tool library");
		await kit.page.keyboard.press("Space");
		await tab_to(kit, "combobox", "I live in");
		await kit.page.keyboard.type("Mill");
		await tab_to(kit, "checkbox", /or older/);
		await kit.page.keyboard.press("Space");
		await tab_to(kit, "button", "Put my ballot in the box");
		await go_on(kit, "Space");
		await kit.sees("Your ballot is in the box");
		await kit.leave();
	});
}
