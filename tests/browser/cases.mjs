// What a test program prints (tests/sum_up.mjs): "ok NAME" or "not ok NAME" with the reason above.
let failed = 0;
const only = new RegExp(process.env.BROWSER_ONLY ?? ""); // of names, while working on a case

// Thrown when what follows stands on what failed.
export class Stop extends Error {}

export const must = (name, run) => check(name, run, true);

export async function check(name, run, later = false) {
	if (!only.test(name))
		return;
	const begin = Date.now();
	try {
		await run();
		console.log(`ok ${name}`);
	} catch (error) {
		failed++;
		console.log(`# ${String(error.stack).replaceAll("\n", "\n# ")}\nnot ok ${name}`);
		if (later)
			throw new Stop(`no use to go on after “${name}”`);
	}
	if (process.env.BROWSER_TIMES)
		console.log(`# ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

export const any_failed = () => failed > 0;

export function same(got, want, what = "") {
	if (JSON.stringify(got) !== JSON.stringify(want))
		throw new Error(`${what} got ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
}

export function none(faults, most = 6) {
	if (faults.length > 0)
		throw new Error(faults.slice(0, most).join("\n") +
			(faults.length > most ? `\nand ${faults.length - most} more` : ""));
}
