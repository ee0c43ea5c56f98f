// Adds up what the test programs printed ("ok", "not ok", "skip" lines in meson's JSON log)
// and ends with the line that CI reads. A program that died, timed out or printed no case
// counts as one failure, so that no check is skipped in silence.
import { readFileSync } from "node:fs";

let passed = 0, failed = 0, skipped = 0;
const lines = readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean);

for (const line of lines) {
	const run = JSON.parse(line);
	const name = `${run.build}: ${run.name}`;
	const count = { ok: 0, "not ok": 0, skip: 0 };
	for (const out of (run.stdout ?? "").split("\n")) {
		const hit = /^(ok|not ok|skip) /.exec(out);
		if (!hit) continue;
		count[hit[1]]++;
		if (hit[1] !== "ok") console.log(`${name}: ${out}`);
	}
	passed += count.ok;
	failed += count["not ok"];
	skipped += count.skip;
	const fine = run.returncode === 0 && run.result === "OK";
	const cases = count.ok + count["not ok"] + count.skip;
	if ((!fine && count["not ok"] === 0) || cases === 0) {
		failed++;
		console.log(`${name}: not ok (${run.result}, exit ${run.returncode}, ${cases} cases)`);
	}
}
if (lines.length === 0) failed++;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
