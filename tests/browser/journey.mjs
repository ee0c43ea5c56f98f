// The whole journey of issue "A place decides", as its people walk it: from joining to a paid
// winner and a checked proof. A round has to last until its clock strikes: what comes before is
// walk_to_vote, what comes after is walk_from_count.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, must, same } from "./cases.mjs";
import { until, Visitor } from "./site.mjs";

const ROUND = "Hall round: what £3,000 should do";
const pdf = { name: "invoice.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%%EOF\n") };

// Day and time, as a form has them, of the whole minute that comes after so many seconds.
export function minute_after(seconds) {
	const then = new Date(Math.ceil((Date.now() + seconds * 1000) / 60000) * 60000);
	const part = Object.fromEntries(new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London",
		year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" })
		.formatToParts(then).map((p) => [p.type, p.value]));
	return { then, day: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}` };
}

export async function add_idea(who, title, body, cost) {
	await who.go("/alder-vale/ideas/new");
	await who.fill({ title, body, cost });
	await who.page.locator("form.card button.btn").click();
	await who.page.waitForURL(/\/ideas\/(new|[0-9a-z]{13})$/);
	// Shown what is like it, one may still want one's own.
	if (who.page.url().endsWith("/new"))
		await who.press("Add mine as well");
	await who.sees(title);
	return who.path();
}

export async function check_idea(steward, path, fields, button) {
	await steward.go(`${path}/check`);
	await steward.fill(fields);
	await steward.press(button);
}

export async function walk_to_vote(site, browser) {
	const walk = { site, browser, ideas: {}, come: (options) => Visitor.come(site, browser, options) };

	await must("joining by the link in the mail", async () => {
		walk.nia = await walk.come();
		await walk.nia.go("/alder-vale/");
		await walk.nia.follow("Join or sign in");
		await walk.nia.sign_in("nia@example.org", { name: "Nia Shaw", by: "link", keep_page: true });
		same(walk.nia.path(), "/alder-vale/", "back where one was:");
		await walk.nia.page.getByText("Nia Shaw").first().waitFor();
	});
	await check("a link works once", async () => {
		const sam = await walk.come();
		await sam.go("/alder-vale/join");
		await sam.fill({ email: "nia@example.org" });
		await sam.press("Send me the mail");
		const link = /http:\S+link\?t=\S+/.exec(await site.mail("nia@example.org"))[0];
		await sam.go(link);
		await sam.go(link); // a mail scanner opened it: nothing is used up
		await sam.press("Sign in");
		await sam.go(link);
		same(await sam.page.getByRole("button", { name: "Sign in" }).count(), 0);
		await sam.leave();
	});
	await must("joining by the code typed in", async () => {
		walk.omar = await walk.come();
		await walk.omar.sign_in("omar@example.org", { name: "Omar Bay" });
		await walk.omar.page.getByText("Omar Bay").first().waitFor();
	});
	await check("five wrong codes end it", async () => {
		const eve = await walk.come();
		await eve.go("/alder-vale/join");
		await eve.fill({ email: "eve@example.org", name: "Eve" });
		await eve.press("Send me the mail");
		const right = /began: (\d{6})/.exec(await site.mail("eve@example.org"))[1];
		for (let i = 0; i < 5; i++) {
			await eve.fill({ code: right === "000000" ? "000001" : "000000" });
			await eve.press("Sign in");
		}
		const code = eve.page.locator("#code");
		if (await code.count() > 0) {
			await code.fill(right);
			await eve.press("Sign in");
		}
		same(await eve.page.getByRole("button", { name: "Sign out" }).count(), 0);
		await eve.leave();
	});

	await check("similar ideas are shown while one types", async () => {
		const { nia } = walk;
		await nia.go("/alder-vale/");
		await nia.follow("Add an idea");
		await nia.page.locator("#title").pressSequentially("Benches on the walk", { delay: 10 });
		await nia.page.locator("#similar").getByText("Benches and shade").waitFor();
	});
	await must("an idea is added, commented, changed, and keeps its history", async () => {
		const { nia, omar, ideas } = walk;
		ideas.hall = await add_idea(nia, "Curtains for the hall", "So that **films** can be shown.", "900");
		same(await nia.page.locator("main strong", { hasText: "films" }).count(), 1);
		await omar.go(ideas.hall);
		await omar.fill({ body: "And it would be warmer." });
		await omar.press("Add comment");
		await omar.sees("And it would be warmer.", "Omar Bay", "One comment");
		same(await omar.page.getByRole("link", { name: "Change your idea" }).count(), 0);
		await nia.go(ideas.hall);
		await nia.follow("Change your idea");
		await nia.fill({ title: "Thick curtains for the hall" });
		await nia.press("Save");
		await nia.page.getByRole("link", { name: /changed/ }).click();
		await nia.page.waitForURL(/history/);
		same((await nia.page.locator("ins").first().innerText()).trim(), "Thick curtains");
		ideas.stage = await add_idea(omar, "A stage that folds away", "For the school play.", "1,600");
		ideas.fire = await add_idea(nia, "Fireworks in the hall", "Every Friday.", "50");
		ideas.piano = await add_idea(omar, "Tune the piano", "It hurts.", "");
	});
	await must("a steward checks one idea and declines another, whose author gets a mail", async () => {
		const steward = walk.steward = await walk.come();
		await steward.sign_in("ruth@alder-vale.example");
		await steward.go("/alder-vale/");
		await steward.page.getByRole("link", { name: /^Queue/ }).click();
		await steward.sees("ideas to check", "Thick curtains for the hall", "Fireworks in the hall");
		await steward.follow("Thick curtains for the hall");
		await steward.fill({ owner: "Hall committee", permission: "It is theirs to give", real_cost: "1,000" });
		await steward.press("Mark as ready for a vote");
		await check_idea(steward, walk.ideas.stage,
			{ owner: "School friends", permission: "The school says yes", real_cost: "1800.50" },
			"Mark as ready for a vote");
		await check_idea(steward, walk.ideas.piano,
			{ owner: "Omar Bay", permission: "None needed", real_cost: "250" }, "Mark as ready for a vote");
		await check_idea(steward, walk.ideas.fire, { reason: "The hall is made of wood." }, "Decline it");
		const mail = await until("the mail with the reason", async () => {
			const text = await site.mail("nia@example.org");
			return text.includes("made of wood") && text;
		});
		same(mail.includes("Fireworks in the hall"), true);
		await walk.nia.go(walk.ideas.fire);
		await walk.nia.sees("Not going ahead", "The hall is made of wood.");
	});

	await must("a steward drafts a round, picks ideas, looks it over and opens it", async () => {
		const { steward } = walk;
		const begin = minute_after(-60), end = minute_after(Number(process.env.BROWSER_ROUND_S ?? 45));
		walk.closes = end.then;
		await steward.go("/alder-vale/decisions");
		await steward.follow("Prepare a round");
		await steward.fill({ title: ROUND, intro: "For the *hall*.", budget: "3,000", opens_on: begin.day,
			opens_time: begin.time, closes_on: end.day, closes_time: end.time, least_age: "14" });
		await steward.press("Save and choose the ideas");
		for (const title of ["Thick curtains for the hall", "A stage that folds away", "Tune the piano"])
			await steward.tick(steward.page.getByLabel(title, { exact: true }));
		await steward.press("Put the ticked ideas on the ballot");
		await steward.sees(ROUND, "3 ideas on the ballot", "£1,800.50", "£3,000");
		await steward.press("Fix all this and open the round");
		await steward.sees("Open now", "Fixed, so that nobody can change it");
		walk.round = steward.path();
		const rules = await steward.context.request.get(site.origin + walk.round + "/rules.json");
		same(createHash("sha256").update(await rules.body()).digest("hex"),
			(await steward.page.locator("p.hash").innerText()).replace(/\s/g, ""), "fingerprint");
	});
	await check("an open round can't be changed, and says what to do instead", async () => {
		await walk.steward.go(`${walk.round}/edit`);
		await walk.steward.sees(/can.t be changed|fixed/i, /new round/i);
	});

	await must("from the link of a round, signed out, to a ballot in the box", async () => {
		const voter = walk.voter = await walk.come();
		await voter.go(walk.round);
		same(await voter.page.locator("meta[property='og:title']").getAttribute("content"), ROUND);
		await voter.follow("Vote");
		await voter.sign_in("zoe@example.org", { name: "Zoe Hart", keep_page: true });
		same(voter.path(), `${walk.round}/ballot`, "after joining, straight to the ballot:");
		await voter.tick(voter.page.getByLabel("Thick curtains for the hall"));
		same(await voter.page.locator("[data-ballot-sum]").innerText(), "£1,000");
		await voter.page.locator("#area").selectOption({ index: 1 });
		await voter.tick(voter.page.locator("#of_age"));
		await voter.press("Put my ballot in the box");
		await voter.sees("Your ballot is in the box");
		walk.receipt = await voter.page.locator("p.hash").innerText();
		await voter.press("Look for it in the box");
		await voter.sees("Yes. A ballot with this receipt is in the box.");
	});
	await check("a ballot can be changed, and the old receipt is out of the box", async () => {
		const { voter } = walk;
		await voter.go(`${walk.round}/ballot`);
		same(await voter.page.getByLabel("Thick curtains for the hall").isChecked(), true);
		await voter.tick(voter.page.getByLabel("Tune the piano"));
		await voter.press("Put my changed ballot in the box");
		await voter.sees("Your earlier ballot and its receipt are out of the box.");
		const fresh = await voter.page.locator("p.hash").innerText();
		await voter.go(`${walk.round}/box`);
		await voter.fill({ code: walk.receipt });
		await voter.press("Look for it");
		await voter.sees("No ballot with this receipt is in the box.");
		await voter.fill({ code: fresh });
		await voter.press("Look for it");
		await voter.sees("Yes. A ballot with this receipt");
		same(/[?&](choice|votes)/.test(voter.page.url()), false);
	});
	await must("others vote, one of them for what is withdrawn later", async () => {
		for (const [who, title] of [[walk.nia, "Thick curtains for the hall"],
			[walk.omar, "A stage that folds away"], [walk.steward, "A stage that folds away"]]) {
			await who.go(`${walk.round}/ballot`);
			await who.tick(who.page.getByLabel(title, { exact: true }));
			await who.page.locator("#area").selectOption({ index: 2 });
			await who.tick(who.page.locator("#of_age"));
			await who.press("Put my ballot in the box");
		}
	});
	await check("nobody is shown how an idea fares before the count", async () => {
		await walk.steward.go(`${walk.round}/turnout`);
		await walk.steward.sees("4 ballots are in the box.", "not shown");
		for (const path of ["/result", "/count", "/ballots.pb"]) {
			const answer = await walk.steward.context.request.get(site.origin + walk.round + path);
			same([path, answer.status() >= 400], [path, true]);
		}
	});
	await must("a steward questions a name on the roll and settles it; the voter gets a mail", async () => {
		const { steward } = walk;
		await steward.go(`${walk.round}/roll`);
		await steward.follow("Omar Bay");
		await steward.fill({ reason: "Moved away?" });
		await steward.press("Put it in question");
		await steward.sees("To be settled before the count", "Moved away?");
		await steward.follow("Omar Bay");
		await steward.fill({ answer: "Still here: I met him." });
		await steward.press("They may vote");
		await steward.sees("Still here: I met him.");
		await until("the answer in Omar's mail", async () =>
			(await site.mail("omar@example.org")).includes("Still here"));
	});
	await check("an option is withdrawn, with a reason that everybody sees", async () => {
		const { steward, voter } = walk;
		await steward.go(walk.round);
		await steward.page.locator(".opt", { hasText: "A stage that folds away" })
			.getByRole("link", { name: "Withdraw this idea" }).click();
		await steward.page.waitForURL(/withdraw/);
		await steward.fill({ reason: "The school closes." });
		await steward.press("Withdraw this idea");
		await voter.go(`${walk.round}/ballot`);
		await voter.sees("Withdrawn", "The school closes.");
	});
	return walk;
}

async function choose_project(treasurer, title) {
	const option = treasurer.page.locator("#project option", { hasText: title });
	const value = await option.getAttribute("value");
	await treasurer.page.locator("#project").selectOption(value);
	return value;
}

export async function walk_from_count(walk, folkmoot) {
	const { site, voter } = walk;

	await must("when its time comes, the round is counted", async () => {
		await until("the count", async () => {
			await voter.go(walk.round);
			return await voter.page.getByRole("link", { name: "See the result" }).count() > 0;
		}, Math.max(walk.closes - Date.now(), 0) + 20000);
		await voter.follow("See the result");
		await voter.sees("4 people voted", "2 ideas won", "Thick curtains for the hall", "Tune the piano",
			"50% of voters got at least one thing they voted for", /A stage that folds away.*The school closes/);
		same(await voter.page.locator("main section:has(> ul.bars) > h2").allInnerTexts(),
			["The ideas and the money", "Two ways to count the same ballots"]);
		await voter.follow("Every step of the count");
		await voter.sees("Side by side", "Step by step", "Count it again");
	});
	await check("a loser reads what would have been enough, in words and beside the others", async () => {
		await voter.go("/alder-vale/decisions");
		await voter.follow(/Autumn round/);
		await voter.sees(/Not this time\. The \d+ people who chose it .* all else the same, it would have won at £[\d,.]+, or with \d+ more voters who chose only it\./,
			/How near others came.*\d+%/);
		await voter.follow("How we know what each of them would have needed");
		await voter.sees("What the others would have needed", /\d winners or more/);
		await voter.follow("Look closer");
		await voter.sees("What each rule chooses");
		await voter.go(walk.round);
	});
	await check("the ballots can be counted again from the download", async () => {
		const answer = await voter.context.request.get(site.origin + walk.round + "/ballots.pb");
		const file = join(site.data, "ballots.pb");
		const file_text = await answer.text();
		writeFileSync(file, file_text);
		const out = JSON.parse(execFileSync(folkmoot, ["count", file, "--rule", "equal-shares", "--utility",
			"cost", "--completion", "add1u", "--ties", "cost-votes-lot", "--json"],
			{ stdio: ["ignore", "pipe", "ignore"] }));
		same([out.voters, out.winners.length, Number(out.total_cost)], [4, 2, 1250]);
		await voter.go(`${walk.round}/result`);
		const names = await voter.page.locator("table").first().locator("tbody tr > :first-child").allInnerTexts();
		same(names.map((name) => name.trim()).sort(), ["Thick curtains for the hall", "Tune the piano"]);
		const project = (id) => new RegExp(`^${id};.*`, "m").exec(file_text)[0];
		same(out.winners.map((id) => /Thick curtains|Tune the piano/.test(project(id))), [true, true]);
		for (const key of ["nia", "omar", "zoe", "Nia", "Omar", "Zoe"])
			same([key, file_text.includes(key)], [key, false]);
	});

	await must("a treasurer pays a winner; a double click pays once", async () => {
		const tom = walk.treasurer = await walk.come();
		await tom.sign_in("tom@alder-vale.example");
		await tom.go("/alder-vale/money");
		await tom.follow("Record a payment");
		await choose_project(tom, "Thick curtains");
		await tom.fill({ amount: "400", memo: "First curtains", payee: "Hidden Drapes Ltd", reference: "BACS 77" });
		await tom.page.locator("#receipt").setInputFiles(pdf);
		await Promise.all([tom.page.waitForURL(/money\/(entries|projects)\//),
			tom.page.getByRole("button", { name: "Record this payment" }).dblclick()]);
		await tom.go("/alder-vale/money");
		same(await tom.page.getByRole("link", { name: "First curtains" }).count(), 1);
		await tom.follow("First curtains");
		await tom.sees("Hidden Drapes Ltd", "BACS 77", "invoice.pdf");
		walk.payment = tom.path();
	});
	await check("a form sent again pays once, even without JavaScript", async () => {
		const tom = walk.treasurer;
		await tom.go("/alder-vale/money/pay");
		const fields = Object.fromEntries(await tom.page.$$eval("main form input[type=hidden], main form select",
			(all) => all.map((e) => [e.name, e.value])));
		const form = { ...fields, amount: "10", day: await tom.page.locator("#day").inputValue(),
			memo: "Sent twice", payee: "Somebody", reference: "1" };
		const send = () => tom.context.request.post(site.origin + "/alder-vale/money/pay",
			{ multipart: form, headers: { Origin: site.origin } });
		same((await Promise.all([send(), send()])).map((answer) => answer.status()), [200, 200]);
		await tom.go("/alder-vale/money");
		same(await tom.page.getByRole("link", { name: "Sent twice" }).count(), 1);
	});
	await check("an award can't be exceeded, and what was typed stays", async () => {
		const tom = walk.treasurer;
		await tom.go("/alder-vale/money/pay");
		const project = await choose_project(tom, "Thick curtains");
		await tom.fill({ amount: "600.01", memo: "Too much", payee: "Hidden Drapes Ltd", reference: "78" });
		await tom.press("Record this payment");
		same(await tom.answer.status(), 422);
		same(await tom.page.locator("#memo").inputValue(), "Too much");
		same(await tom.page.locator("#payee").inputValue(), "Hidden Drapes Ltd");
		same(await tom.page.locator("#project").inputValue(), project);
		same(await tom.page.evaluate(() => document.activeElement.id), "error-summary");
	});
	await check("the public sees the payment, and neither payee nor receipt", async () => {
		const out = await walk.come();
		await out.go("/alder-vale/money");
		await out.sees("First curtains", "£400");
		await out.go(walk.payment);
		const html = await out.page.content();
		for (const secret of ["Hidden Drapes", "BACS 77", "invoice.pdf"])
			same([secret, html.includes(secret)], [secret, false]);
		const csv = await (await out.context.request.get(site.origin + "/alder-vale/money/entries.csv")).text();
		same([csv.includes("First curtains"), csv.includes("Hidden Drapes")], [true, false]);
		await out.leave();
	});

	await check("a line of the record is proven by its path, computed here", async () => {
		await until("the payment's line", async () => {
			await voter.go("/alder-vale/record");
			return await voter.page.getByRole("link", { name: "Money was moved" }).count() > 0;
		});
		await voter.follow("Money was moved");
		const body = await voter.page.locator("code.block").first().textContent();
		const proof = await (await voter.context.request.get(voter.page.url() + "/proof.json")).json();
		same(leaf_hash(body), proof.leaf_hash, "leaf");
		same(root_of(proof), proof.root, "root");
		same(root_of({ ...proof, leaf_hash: leaf_hash(body + " ") }) === proof.root, false);
		const all = await (await voter.context.request.get(site.origin +
			`/alder-vale/record/leaves.ndjson?from=${proof.position}`)).text();
		same(all.split("\n")[0], body, "the same line in the download");
	});
	await check("folkmoot check finds nothing", async () => {
		execFileSync(folkmoot, ["check", ...site.where], { stdio: "pipe" });
	});
	await check("nothing went wrong in anybody's browser", async () => {
		for (const who of ["nia", "omar", "steward", "voter", "treasurer"])
			await walk[who].leave();
	});
}

// RFC 6962, 2.1, and RFC 9162, 2.1.3.2, written anew.
const sha256 = (...pieces) => {
	const hash = createHash("sha256");
	pieces.forEach((piece) => hash.update(piece));
	return hash.digest("hex");
};
const leaf_hash = (body) => sha256(Buffer.from([0]), Buffer.from(body));
const node_hash = (left, right) =>
	sha256(Buffer.from([1]), Buffer.from(left, "hex"), Buffer.from(right, "hex"));

function root_of({ position, size, leaf_hash: leaf, path }) {
	let here = position, last = size - 1, hash = leaf;
	for (const other of path) {
		if (last === 0)
			return null;
		if (here % 2 === 1 || here === last) {
			hash = node_hash(other, hash);
			while (here % 2 === 0 && here !== 0) {
				here = Math.floor(here / 2);
				last = Math.floor(last / 2);
			}
		} else {
			hash = node_hash(hash, other);
		}
		here = Math.floor(here / 2);
		last = Math.floor(last / 2);
	}
	return last === 0 ? hash : null;
}
