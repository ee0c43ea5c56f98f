#!/usr/bin/env node
// bench/count.mjs BUILD DATA [TIMES]: counts every .pb file of DATA/pb by every rule that DATA/expected
// has a reference outcome for, and prints a Markdown table: winners as the reference's or not,
// processor time for reading and counting (best of TIMES, default 3; processor time, as others may
// use the machine), memory, and the reference's times. Then the works that issue 4 set a figure
// for. BUILD is a build folder made with -Ddev=true --buildtype=release; a made-up city of a
// million and the made-up pools go to a folder that is taken away afterwards. Exit code 1 when
// winners differ.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [build, data, times = "3"] = process.argv.slice(2);
if (data === undefined) {
	console.error("usage: bench/count.mjs BUILD DATA [TIMES]");
	process.exit(2);
}
const program = join(build, "tests/core/decide/folkmoot-count");

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
	const ran = spawnSync(program, [join(data, "pb", file), ...options, "--json"],
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

/* ---- the works with a figure ---- */

const made = mkdtempSync(join(tmpdir(), "folkmoot-count-"));

function makeCity() {
	const file = join(made, "city.pb"), out = openSync(file, "w");
	spawnSync(join(build, "bench/bench_city"), ["1000000", "500", "1"], { stdio: ["ignore", out, "inherit"] });
	closeSync(out);
	return file;
}

function makePool() {
	spawnSync("node", [join(dirname(fileURLToPath(import.meta.url)), "sortition_pool.mjs"), join(made, "pool")],
		{ stdio: "inherit" });
	return [join(made, "pool/respondents.csv"), join(made, "pool/categories.csv")];
}

const pb = (name) => join(data, "pb", `${name}.pb`);
const pool = (folder) => [join(data, "sortition", folder, "respondents.csv"),
	join(data, "sortition", folder, "categories.csv")];
const leximin = (files, size) => ["sortition", ...files, "--size", size, "--algorithm", "leximin", "--json"];
const counts = (file, ...options) => ["count", file, ...options, "--json"];
const add1On = (threads) => ["--rule", "equal-shares", "--completion", "add1", "--ties", "id",
	"--threads", threads];
const add1 = add1On("1");
const city = makeCity();
const none = ["--rule", "equal-shares", "--ties", "id"];
const exact = ["--rule", "equal-shares", "--completion", "exact", "--ties", "id"];
const works = [
	["Equal Shares, add1, Mokotów", 0.15, counts(pb("Poland_Warszawa_2020_Mokotow"), ...add1)],
	["Equal Shares, add1, Toulouse", 0.15, counts(pb("France_Toulouse_2024"), ...add1)],
	["Equal Shares, none, Warszawa 2026", 0.3, counts(pb("Poland_Warszawa_2026"), ...none)],
	["Equal Shares, none, Wrocław 2020", 0.3, counts(pb("Poland_Wroclaw_2020"), ...none)],
	["Equal Shares, none, Łódź", 0.3, counts(pb("Poland_Lodz_2020"), ...none)],
	["Equal Shares, exact, Łódź", 1, counts(pb("Poland_Lodz_2020"), ...exact)],
	["Equal Shares, exact, Mokotów", 1, counts(pb("Poland_Warszawa_2020_Mokotow"), ...exact)],
	["Equal Shares with overspending, Mokotów", 1, counts(pb("Poland_Warszawa_2020_Mokotow"),
		"--rule", "equal-shares-overspending", "--ties", "id")],
	["Phragmén, Budapest", 0.2, counts(pb("Hungary_Budapest_2024"), "--rule", "phragmen", "--ties", "id")],
	["Equal Shares, add1, made-up city, one thread", 10, counts(city, ...add1)],
	["the same, two threads", 10 / 1.7, counts(city, ...add1On("2"))],
	["LEXIMIN, 2,000 people, 200 seats", 0.1, leximin(pool("example_large_200"), "200")],
	["LEXIMIN, 150 people in many kinds, 22 seats", 2, leximin(makePool(), "22")],
	["Scottish STV, 14,207 ballots", 0.01, counts(join(data, "ranked/scot_edinburgh_2017_ward1.blt"),
		"--rule", "stv-scottish")],
];

console.log("\n| work | s, whole program | reach |\n| --- | --: | --: |");
for (const [name, reach, args] of works) {
	let best = Infinity;
	for (let i = 0; i < (reach > 5 ? 1 : 5); i++) {
		const began = process.hrtime.bigint();
		const ran = spawnSync(join(build, "folkmoot"), args, { maxBuffer: 1 << 28 });
		const seconds = Number(process.hrtime.bigint() - began) / 1e9;
		best = ran.status === 0 ? Math.min(best, seconds) : NaN;
	}
	console.log(`| ${name} | ${best.toFixed(3)} | ${+reach.toFixed(2)} |`);
}
rmSync(made, { recursive: true });
process.exit(differ > 0 ? 1 : 0);
