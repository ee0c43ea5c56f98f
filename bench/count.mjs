#!/usr/bin/env node
// bench/count.mjs FOLKMOOT-COUNT DATA [TIMES]: counts every .pb file of DATA/pb by every rule that
// DATA/expected has a reference outcome for, and prints a Markdown table: winners as the
// reference's or not, processor time for reading and counting (best of TIMES, default 3; processor
// time, as others may use the machine), memory, and the reference's times. FOLKMOOT-COUNT is build/tests/core/decide/folkmoot-count, or
// "build/folkmoot count". Exit code 1 when winners differ.
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [program, data, times = "3"] = process.argv.slice(2);
if (data === undefined) {
	console.error("usage: bench/count.mjs FOLKMOOT-COUNT DATA [TIMES]");
	process.exit(2);
}

const shares = (utility, completion, ties) => ["--rule", "equal-shares", "--utility", utility,
	"--completion", completion, "--ties", ties];
const variants = {
	pb: {
		greedy_cost: ["--rule", "greedy", "--utility", "cost", "--ties", "id"],
		greedy_card: ["--rule", "greedy", "--utility", "cardinality", "--ties", "id"],
		mes_cost: shares("cost", "none", "id"),
		mes_card: shares("cardinality", "none", "id"),
		mes_add1_cost: shares("cost", "add1", "id"),
		mes_add1_card: shares("cardinality", "add1", "id"),
		mes_add1u_cost: shares("cost", "add1u", "id"),
		mes_greedy_cost: shares("cost", "greedy", "id"),
		greedy_score: ["--rule", "greedy", "--utility", "points", "--ties", "id"],
		mes_score: shares("points", "none", "id"),
		mes_add1_score: shares("points", "add1", "id"),
		mes_greedy_score: shares("points", "greedy", "id"),
		phragmen: ["--rule", "phragmen", "--ties", "id"],
	},
	pb_tool: {
		none: shares("cost", "none", "cost-votes-lot"),
		add1ex: shares("cost", "add1", "cost-votes-lot"),
		add1: shares("cost", "add1-official", "cost-votes-lot"),
		add1u_default: shares("cost", "add1u", "cost-votes-lot"),
		utilitarian: shares("cost", "greedy", "cost-votes-lot"),
	},
};

/* What the reference calls score is Borda on rankings. */
function optionsFor(folder, election, variant) {
	const options = variants[folder][variant];
	const ordinal = variant.endsWith("score") &&
		/^vote_type;ordinal/m.test(readFileSync(join(data, "pb", `${election}.pb`), "utf8"));
	return ordinal ? options.map((o) => (o === "points" ? "borda" : o)) : options;
}

/* The reference returns these sorted by id. */
const asSets = new Set(["mes_add1u_cost", "phragmen"]);

function run(file, options) {
	const [command, ...first] = program.split(" ");
	const ran = spawnSync(command, [...first, join(data, "pb", file), ...options, "--json"],
		{ encoding: "utf8", maxBuffer: 1 << 26 });
	if (ran.status !== 0)
		return { error: ran.stderr.trim() };
	const [, seconds, memory] = /([\d.]+) s of processor time, (\d+) KiB/.exec(ran.stderr);
	return { winners: JSON.parse(ran.stdout).winners, seconds: +seconds, memory: +memory };
}

function best(file, options) {
	const runs = Array.from({ length: +times }, () => run(file, options));
	return runs.find((r) => r.error) ??
		runs.reduce((a, b) => (a.seconds <= b.seconds ? a : b));
}

let differ = 0, compared = 0;
const totals = { ours: 0, theirs: 0 };
console.log("| election | rule | winners | s | MiB | reference: read s | count s |");
console.log("| --- | --- | --- | --: | --: | --: | --: |");
for (const folder of Object.keys(variants)) {
	for (const name of readdirSync(join(data, "expected", folder)).sort()) {
		const [, election, variant] = /^(.*)\.([^.]+)\.json$/.exec(name);
		const options = optionsFor(folder, election, variant);
		if (options === undefined)
			continue;
		const want = JSON.parse(readFileSync(join(data, "expected", folder, name), "utf8"));
		const got = best(`${election}.pb`, options);
		const order = (list) => JSON.stringify(asSets.has(variant) ? [...list].sort() : list);
		let verdict = "the reference stops at a tie";
		if (got.error)
			verdict = got.error;
		else if (!want.error)
			verdict = order(got.winners) === order(want.winners_in_order) ? "same" : "DIFFERENT";
		compared += want.error ? 0 : 1;
		differ += got.error || verdict === "DIFFERENT" ? 1 : 0;
		if (!want.error) {
			totals.ours += got.seconds;
			totals.theirs += +want.parse_s + +want.rule_s;
		}
		console.log(`| ${election} | ${folder === "pb" ? "" : "web tool "}${variant} | ${verdict} | ` +
			`${got.seconds?.toFixed(3)} | ${(got.memory / 1024).toFixed(0)} | ` +
			`${want.parse_s ?? ""} | ${want.rule_s ?? ""} |`);
	}
}
console.log(`\n${compared} outcomes compared, ${differ} different. All together ` +
	`${totals.ours.toFixed(1)} s, the references ${totals.theirs.toFixed(0)} s.`);
process.exit(differ > 0 ? 1 : 0);
