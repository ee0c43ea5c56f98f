/* Makes pages nicer where it can; every page works without it. Hooks are data attributes,
 * listed in docs/style.md. */
"use strict";

/* A form is sent once: a second press while the first is on its way does nothing. Disabled only
 * after the browser has gathered the form's data, so that the pressed button's value is in it. */
document.addEventListener("submit", (event) => {
	const form = event.target;
	if (form.method !== "post" || event.defaultPrevented)
		return;
	if (form.dataset.sent) {
		event.preventDefault();
		return;
	}
	form.dataset.sent = "1";
	setTimeout(() => {
		for (const button of form.querySelectorAll("button, input[type=submit]"))
			button.disabled = true;
	});
});
/* Coming back by the browser's history, the form can be used again. */
addEventListener("pageshow", () => {
	for (const form of document.querySelectorAll("form[data-sent]")) {
		delete form.dataset.sent;
		for (const button of form.querySelectorAll("button, input[type=submit]"))
			button.disabled = false;
	}
});

/* <form data-ballot data-locale="en-GB" data-currency="GBP" data-decimals="2" data-budget="12000000">
 * with check boxes data-cost="650000" (minor units): shows the sum in [data-ballot-sum], the
 * number in [data-ballot-count] and the share of the budget in <rect data-ballot-bar="320">. */
for (const form of document.querySelectorAll("form[data-ballot]")) {
	const { locale, currency, decimals, budget } = form.dataset;
	const unit = 10 ** Number(decimals || 2);
	const boxes = [...form.querySelectorAll("[data-cost]")];
	const show = () => {
		const chosen = boxes.filter((box) => box.checked);
		const sum = chosen.reduce((total, box) => total + Number(box.dataset.cost), 0);
		for (const place of form.querySelectorAll("[data-ballot-sum]"))
			place.textContent = new Intl.NumberFormat(locale, { style: "currency", currency,
				minimumFractionDigits: sum % unit === 0 ? 0 : undefined,
				maximumFractionDigits: sum % unit === 0 ? 0 : undefined }).format(sum / unit);
		for (const place of form.querySelectorAll("[data-ballot-count]"))
			place.textContent = new Intl.NumberFormat(locale).format(chosen.length);
		for (const bar of form.querySelectorAll("[data-ballot-bar]"))
			bar.setAttribute("width", Math.min(1, sum / Number(budget)) * Number(bar.dataset.ballotBar));
	};
	if (locale && currency) {
		form.addEventListener("change", show);
		addEventListener("pageshow", show);
	}
}

/* <form data-points="10"> with inputs named given: shows their sum in [data-points-sum], and the share of
 * all points in <rect data-points-bar="320">. */
for (const form of document.querySelectorAll("form[data-points]")) {
	const inputs = [...form.querySelectorAll("[name=given]")];
	const show = () => {
		const sum = inputs.reduce((total, input) => total + (Number(input.value) || 0), 0);
		for (const place of form.querySelectorAll("[data-points-sum]"))
			place.textContent = new Intl.NumberFormat(form.dataset.locale).format(sum);
		for (const bar of form.querySelectorAll("[data-points-bar]"))
			bar.setAttribute("width", Math.max(0, Math.min(1, sum / form.dataset.points)) *
				Number(bar.dataset.pointsBar));
	};
	form.addEventListener("input", show);
	addEventListener("pageshow", show);
}

/* <input data-similar="/place/ideas/similar" data-similar-into="similar">: while one types, the
 * piece of HTML that the address gives for ?q=… is shown in #similar. */
for (const input of document.querySelectorAll("[data-similar]")) {
	const into = document.getElementById(input.dataset.similarInto);
	let timer, asking;
	if (!into)
		continue;
	input.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(async () => {
			const text = input.value.trim();
			asking?.abort();
			if (text.length < 4) {
				into.replaceChildren();
				return;
			}
			asking = new AbortController();
			try {
				const answer = await fetch(`${input.dataset.similar}?q=${encodeURIComponent(text)}`,
					{ signal: asking.signal });
				if (answer.ok && !answer.redirected)
					into.innerHTML = await answer.text();
			} catch {
				/* no connection, or the next letter came: the page works without it */
			}
		}, 350);
	});
}

/* <button hidden data-copy="receipt" data-copied="Copied">: copies the text of #receipt. */
for (const button of document.querySelectorAll("[data-copy]")) {
	const source = document.getElementById(button.dataset.copy);
	if (!source || !navigator.clipboard)
		continue;
	button.hidden = false;
	button.addEventListener("click", async () => {
		await navigator.clipboard.writeText(source.textContent.trim());
		button.setAttribute("aria-live", "polite");
		button.textContent = button.dataset.copied;
	});
}

/* What was refused is read first. */
document.getElementById("error-summary")?.focus();
