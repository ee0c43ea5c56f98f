// A server of its own with the demo place in a folder of its own, and people with browsers.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Waits for what `look` gives to be true, or says what was waited for.
export async function until(what, look, most_ms = 15000) {
	for (const end = Date.now() + most_ms; Date.now() < end; await sleep(50)) {
		const found = await look();
		if (found)
			return found;
	}
	throw new Error(`waited ${most_ms / 1000} s for ${what}`);
}

export async function start_site(folkmoot, demo) {
	const data = mkdtempSync(join(tmpdir(), "folkmoot-browser-"));
	const ready = join(data, "ready");
	// Elsewhere than in a file: FOLKMOOT_DB=postgresql://… of an empty database.
	const where = ["--data", data, ...(process.env.FOLKMOOT_DB ? ["--db", process.env.FOLKMOOT_DB] : [])];
	execFileSync(demo, where);
	// Each person comes from an address of their own, as the limits by address expect.
	const server = spawn(folkmoot, ["serve", ...where, "--port", "0", "--ready-file", ready,
		"--trusted-proxy", "127.0.0.1"], { stdio: ["ignore", "pipe", "inherit"] });
	let said = "";
	server.stdout.on("data", (piece) => (said += piece));
	const gone = new Promise((done) => server.on("exit", done));
	const stop = async () => {
		server.kill("SIGTERM");
		await gone;
		rmSync(data, { recursive: true, force: true });
	};
	process.on("exit", () => server.kill("SIGKILL"));
	try {
		await until("the server", () => existsSync(ready) && said.includes("ready at"));
	} catch (error) {
		await stop();
		throw error;
	}
	const read = new Set();
	return {
		data, where, stop, origin: readFileSync(ready, "utf8").trim(),
		set_up: /To set up a new place: (\S+)/.exec(said)?.[1],
		// The next mail to somebody that was not read yet.
		mail: (to) => until(`a mail to ${to}`, () => {
			for (const name of readdirSync(join(data, "mail")).sort()) {
				if (read.has(name) || !name.endsWith(".eml"))
					continue;
				const text = readFileSync(join(data, "mail", name), "utf8");
				if (!text.includes(`To: <${to}>`))
					continue;
				read.add(name);
				return text;
			}
		}),
	};
}

// Somebody with a browser. What a page must never do is gathered in `faults`.
export class Visitor {
	static count = 0;
	static typed = []; // by anybody, anywhere
	static signed_in = {};

	static async come(site, browser, options = {}) {
		const visitor = new Visitor();
		visitor.site = site;
		visitor.faults = [];
		visitor.context = await browser.newContext({
			viewport: { width: 360, height: 740 }, locale: "en-GB",
			extraHTTPHeaders: { "X-Forwarded-For": `10.1.${Visitor.count >> 8}.${Visitor.count++ & 255}` },
			...options,
		});
		visitor.context.setDefaultTimeout(8000);
		visitor.page = await visitor.context.newPage();
		visitor.watch(visitor.page);
		return visitor;
	}

	// Who is signed in already: each of them once by mail, as mails to one address have a limit.
	static async known(site, browser, email, options = {}) {
		if (!Visitor.signed_in[email]) {
			const visitor = await Visitor.come(site, browser);
			await visitor.sign_in(email);
			Visitor.signed_in[email] = await visitor.context.storageState();
			await visitor.leave();
		}
		return await Visitor.come(site, browser, { storageState: Visitor.signed_in[email], ...options });
	}

	watch(page) {
		const fault = (text) => this.faults.push(`${page.url()}: ${text}`);
		page.on("pageerror", (error) => fault(error.message));
		page.on("dialog", (dialog) => {
			fault(`dialog “${dialog.message()}”`);
			dialog.dismiss();
		});
		page.on("console", (message) => {
			// A page with an error's status is a page too.
			if (message.type() === "error" && message.location().url !== page.url())
				fault(message.text());
			else if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
				fault(message.text());
		});
		page.on("request", (request) => {
			if (new URL(request.url()).origin !== this.site.origin)
				fault(`asks ${request.url()}`);
		});
		page.on("response", (response) => {
			if (response.request().isNavigationRequest())
				this.answer = response;
			else if (response.status() >= 400)
				fault(`${response.status()} for ${response.url()}`);
		});
	}

	async go(path) {
		return await this.page.goto(new URL(path, this.site.origin).href);
	}

	// Presses what is called so, and waits for the page that follows.
	async press(name, role = "button") {
		const found = this.page.getByRole(role, { name, exact: typeof name === "string" });
		if (await found.count() === 0)
			throw new Error(`no ${role} “${name}” on ${await this.text()}`);
		await Promise.all([this.page.waitForNavigation(), found.first().click()]);
	}
	async follow(name) {
		await this.press(name, "link");
	}

	async fill(fields) {
		Visitor.typed.push(...Object.values(fields));
		for (const [id, value] of Object.entries(fields))
			await this.page.locator(`#${id}`).fill(value);
	}

	// In the middle of the screen, where nothing that stays in sight covers it.
	async tick(box) {
		await box.evaluate((e) => e.scrollIntoView({ block: "center" }));
		await box.check();
	}

	async text() {
		const text = await this.page.locator("main").innerText();
		return `${this.path()}: ${text.replace(/\s+/g, " ")}`;
	}

	async sees(...texts) {
		const whole = await this.text();
		for (const text of texts)
			if (!(text instanceof RegExp ? text.test(whole) : whole.includes(text)))
				throw new Error(`“${text}” is not on ${whole.slice(0, 1500)}`);
	}

	path() {
		const url = new URL(this.page.url());
		return url.pathname + url.search;
	}

	// By link or code, beginning at the page where one is; a name only for who is new.
	async sign_in(email, { name, by = "code", keep_page = false } = {}) {
		if (!keep_page)
			await this.go("/alder-vale/join");
		await this.fill({ email });
		if (name)
			await this.fill({ name });
		await this.press("Send me the mail");
		const mail = await this.site.mail(email);
		if (by === "code") {
			await this.fill({ code: /code where you began: (\d{6})/.exec(mail)[1] });
		} else {
			await this.go(/http:\S+link\?t=\S+/.exec(mail)[0]);
			await this.sees(email);
		}
		await this.press("Sign in");
		return this;
	}

	async leave() {
		await this.context.close();
		if (this.faults.length > 0)
			throw new Error(this.faults.slice(0, 5).join("; "));
	}
}
