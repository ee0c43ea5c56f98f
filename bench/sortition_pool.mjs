#!/usr/bin/env node
// A made-up pool for folkmoot sortition: people who volunteered, unlike the population that the
// quotas follow. The same seed gives the same files.
//     bench/sortition_pool.mjs FOLDER [--people 150] [--size 22] [--seed 1] [--homes 0] [--tight N]
// writes FOLDER/respondents.csv and FOLDER/categories.csv. --homes N: N in a hundred share a
// household with the one before. --tight N: instead, N categories of four values each, nearly everybody
// unlike all others, and exact quotas, which one panel drawn from them meets; --wide W: each end of
// a quota up to W seats further.
import { mkdirSync, writeFileSync } from 'node:fs';

const [folder, ...rest] = process.argv.slice(2);
const given = { people: 150, size: 22, seed: 1, homes: 0, tight: 0, wide: 0 };
for (let i = 0; i < rest.length; i += 2) given[rest[i].slice(2)] = Number(rest[i + 1]);

// mulberry32: small, and the same everywhere
let state = given.seed >>> 0;
function chance() {
	state = (state + 0x6d2b79f5) >>> 0;
	let t = Math.imul(state ^ (state >>> 15), state | 1);
	t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

// Share of the population and of the volunteers, per value.
const usual = {
	gender: { female: [0.51, 0.55], male: [0.48, 0.43], other: [0.01, 0.02] },
	age: { '16-29': [0.22, 0.12], '30-44': [0.25, 0.22], '45-59': [0.24, 0.28], '60+': [0.29, 0.38] },
	education: { school: [0.35, 0.1], college: [0.35, 0.3], degree: [0.3, 0.6] },
	district: { north: [0.3, 0.25], east: [0.2, 0.15], south: [0.3, 0.35], west: [0.2, 0.25] },
	born: { here: [0.8, 0.9], elsewhere: [0.2, 0.1] },
	view: { for: [0.4, 0.65], against: [0.3, 0.15], unsure: [0.3, 0.2] },
};

const uneven = { a: [0, 0.44], b: [0, 0.22], c: [0, 0.18], d: [0, 0.16] };
const categories = given.tight === 0 ? usual
	: Object.fromEntries(Array.from({ length: given.tight }, (_, i) => [`trait ${i + 1}`, uneven]));

function pick(values) {
	let at = chance();
	for (const [name, shares] of Object.entries(values)) if ((at -= shares[1]) < 0) return name;
	return Object.keys(values).at(-1);
}

const people = [];
let home = 0;
for (let i = 0; i < given.people; i++) {
	if (i === 0 || chance() * 100 >= given.homes) home++;
	people.push([`p${i + 1}`, `home ${home}`, ...Object.values(categories).map(pick)]);
}

// A panel of people of different households, for quotas that have one.
const panel = [];
for (const rest = [...people]; given.tight > 0 && panel.length < given.size && rest.length > 0;) {
	const [person] = rest.splice(Math.floor(chance() * rest.length), 1);
	if (panel.every((other) => other[1] !== person[1])) panel.push(person);
}
const further = () => Math.floor(chance() * (given.wide + 1));

const quotas = [];
for (const [c, [category, values]] of Object.entries(categories).entries())
	for (const [value, [share]] of Object.entries(values)) {
		const exact = given.tight > 0 ? panel.filter((person) => person[2 + c] === value).length : share * given.size;
		quotas.push(given.tight > 0 ? [category, value, Math.max(0, exact - further()), exact + further()]
			: [category, value, Math.floor(exact), Math.ceil(exact + (exact % 1 === 0 ? 1 : 0))]);
	}

mkdirSync(folder, { recursive: true });
const csv = (rows) => rows.map((row) => row.join(',') + '\n').join('');
writeFileSync(`${folder}/respondents.csv`, csv([['id', 'address', ...Object.keys(categories)], ...people]));
writeFileSync(`${folder}/categories.csv`, csv([['category', 'feature', 'min', 'max'], ...quotas]));
