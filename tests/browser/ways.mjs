// A round with points, from "More ways" on a steward's form to its result; beside the journey, whose
// clock it shares.
import { check, must, none, same } from "./cases.mjs";
import { add_idea, check_idea, minute_after } from "./journey.mjs";
import { faults_of_page } from "./pages.mjs";
import { until, Visitor } from "./site.mjs";

const ROUND = "Points round: what £500 should do";
const IDEAS = { "A bell for the gate": "100", "Paint for the shed": "200", "A bench by the gate": "400" };

export async function ways_to_vote(site, browser) {
	const ways = {};

	await must("a steward finds more ways, and is told what does not fit together", async () => {
		const author = await Visitor.known(site, browser, "maya@alder-vale.example");
		const steward = ways.steward = await Visitor.known(site, browser, "ruth@alder-vale.example");
		for (const [title, real_cost] of Object.entries(IDEAS)) {
			const path = await add_idea(author, title, "For everybody who comes by.", real_cost);
			await check_idea(steward, path, { owner: "Friends of the gate", permission: "None needed",
				real_cost }, "Mark as ready for a vote");
		}
		await author.leave();
		const begin = minute_after(-60), end = minute_after(Number(process.env.BROWSER_ROUND_S ?? 45));
		ways.closes = end.then;
		await steward.go("/alder-vale/decisions/new");
		same(await steward.page.locator("#points").isVisible(), false, "simple at first:");
		await steward.page.locator("summary", { hasText: "More ways" }).click();
		await steward.fill({ title: ROUND, budget: "500", opens_on: begin.day, opens_time: begin.time,
			closes_on: end.day, closes_time: end.time, points: "10", points_each: "6" });
		await steward.tick(steward.page.locator("#who_may-members"));
		await steward.tick(steward.page.locator("#rule-greedy-no-skip"));
		await steward.tick(steward.page.locator("#ballot_kind-cumulative"));
		await steward.press("Save and choose the ideas");
		same(steward.answer.status(), 422);
		await steward.sees("their points would not count");
		same(await steward.page.locator("#points_each").inputValue(), "6");
		same(await steward.page.locator("#points").isVisible(), true, "open, as something there was refused:");
		none(await faults_of_page(steward, "more ways, refused"));
		await steward.tick(steward.page.locator("#utility-cost-points"));
		await steward.press("Save and choose the ideas");
		for (const title of Object.keys(IDEAS))
			await steward.tick(steward.page.getByLabel(title, { exact: true }));
		await steward.press("Put the ticked ideas on the ballot");
		await steward.sees("The idea with most points wins first", "at most 6 of them to one idea");
		await steward.press("Fix all this and open the round");
		ways.round = steward.path();
	});
	await must("points are given by keyboard; too many are refused with what was typed", async () => {
		const voter = ways.voter = await Visitor.known(site, browser, "maya@alder-vale.example");
		await voter.go(`${ways.round}/ballot`);
		const first = voter.page.getByLabel("A bell for the gate");
		await first.focus();
		await voter.page.keyboard.type("6");
		await voter.page.getByLabel("Paint for the shed").fill("5");
		same(await voter.page.locator("[data-points-sum]").innerText(), "11");
		await voter.page.keyboard.press("Enter"); // sends the form from a field of it
		await voter.page.locator("#error-summary").waitFor();
		await voter.sees("You gave 11 points together. You have 10");
		same(await voter.page.getByLabel("Paint for the shed").inputValue(), "5");
		await voter.page.getByLabel("Paint for the shed").fill("4");
		await voter.press("Put my ballot in the box");
		await voter.sees("Your ballot is in the box");
		await voter.go(`${ways.round}/ballot`);
		same(await first.inputValue(), "6");
		none(await faults_of_page(voter, "a ballot with points"));
	});
	await must("without JavaScript a ballot with points works as well", async () => {
		const plain = await Visitor.known(site, browser, "tom@alder-vale.example", { javaScriptEnabled: false });
		await plain.go(`${ways.round}/ballot`);
		await plain.page.getByLabel("A bench by the gate").fill("3");
		await plain.press("Put my ballot in the box");
		await plain.sees("Your ballot is in the box");
		await plain.go(`${ways.round}/ballot`);
		await plain.sees("3 of 10 points");
		await plain.leave();
	});
	return ways;
}

export async function ways_from_count(ways) {
	const { voter } = ways;

	await check("the result of a round with points says points, and why the count ended", async () => {
		await until("the count", async () => {
			await voter.go(ways.round);
			return await voter.page.getByRole("link", { name: "See the result" }).count() > 0;
		}, Math.max(ways.closes - Date.now(), 0) + 20000);
		await voter.follow("See the result");
		await voter.sees("2 people voted", "2 ideas won",
			"Won. One person gave it points, and it fitted.",
			"Not this time. One person gave it points, but only £200 was left when its turn came.",
			"Most points first, up to the first that does not fit");
		none(await faults_of_page(voter, "a result by points"));
		await voter.follow("Every step of the count");
		await voter.sees("by most points", "--rule greedy-no-skip --utility cost-points");
		await voter.follow("Look closer");
		await voter.sees("Most points first", "how much people want an idea left out");
	});
	await ways.steward.leave();
	await voter.leave();
}
