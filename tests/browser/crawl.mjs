// Every page that a role can reach by links, one of each kind.
const id = /\/[0-9a-hjkmnp-tv-z]{13}(?=\/|$)/g;

export const kind_of = (url) => url.pathname.replace(id, "/ID") + [...url.searchParams.keys()].join("&");

const is_download = (path) => /\.(json|pb|csv|ndjson)$|\/files\//.test(path);

// Rounds are in different states, and which comes first depends on the hour: several are looked at.
const most_rounds = 4;

// Calls look(path, kind) on each page, with the visitor there. `most`: of a kind.
export async function crawl(visitor, look, { from = ["/alder-vale/"], most = 1 } = {}) {
	const waiting = [...from], seen = new Set(waiting), count = {};
	while (waiting.length > 0) {
		const path = waiting.shift();
		const kind = kind_of(new URL(path, visitor.site.origin));
		count[kind] = (count[kind] ?? 0) + 1;
		if (count[kind] > (kind.endsWith("/decisions/ID") ? most_rounds : most))
			continue;
		await visitor.go(path);
		await look(path, kind);
		const links = await visitor.page.$$eval("a[href]", (all) => all.map((a) => a.href));
		for (const link of links) {
			const url = new URL(link), next = url.pathname + url.search;
			if (url.origin !== visitor.site.origin || is_download(url.pathname) || seen.has(next))
				continue;
			seen.add(next);
			waiting.push(next);
		}
	}
	return Object.keys(count);
}
