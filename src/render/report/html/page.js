"use strict";
// Works the options out again at the sliders' stops. What machines carry at each length of answers and each promise was
// simulated by the program and stands in the page; here it is only multiplied by prices and use, as the program does.
(() => {
  const data = JSON.parse(document.getElementById("what-if-data").textContent);
  const form = document.getElementById("what-if");
  const names = ["load", "answer", "tpot", "machine_price", "api_price"];
  const sliders = Object.fromEntries(names.map((name) => [name, form.elements[name]]));

  // As the program writes numbers: halves go to the even neighbour, where toFixed takes the larger one.
  function fixed(number, places) {
    const [whole, rest] = number.toFixed(20).split(".");
    const isHalf = /^50*$/.test(rest.slice(places));
    const cut = places > 0 ? whole + "." + rest.slice(0, places) : whole;
    return isHalf && Number(cut[cut.length - 1]) % 2 === 0 ? cut : number.toFixed(places);
  }
  const grouped = (amount) =>
    amount < 99.995 ? fixed(amount, 2) : fixed(amount, 0).replace(/\B(?=(\d{3})+$)/g, ",");
  const usd = (amount) => (amount < 0 ? "-" : "") + data.symbol + grouped(Math.abs(amount) * data.per_usd);
  // A sentence of the page's language, with its values.
  const words = data.words;
  const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const percent = (share) => say(words.percent, { value: fixed(share * 100, 0) });
  const told = {
    load: percent,
    answer: (tokens) => say(words.tokens, { value: fixed(tokens, 0) }),
    tpot: (milliseconds) => say(words.milliseconds, { value: fixed(milliseconds, 0) }),
    machine_price: percent,
    api_price: percent,
  };

  function settings() {
    const at = Object.fromEntries(names.map((name) => [name, Number(sliders[name].value)]));
    const factor = (name) => data[name].stops[at[name]] / data[name].stops[data[name].planned];
    const use = factor("load");
    const answer = factor("answer");
    const volume = {
      input: data.volume.input * use,
      cached: data.volume.cached_input * use,
      output: data.volume.output * use * answer,
    };
    return {
      cell: at.answer * data.tpot.stops.length + at.tpot,
      use,
      volume,
      tokens: volume.input + volume.cached + volume.output,
      machines: factor("machine_price"),
      apis: factor("api_price"),
    };
  }

  function outcome(option, set) {
    const result = { quantity: null, capex: 0, capital: 0, used: null, times: null, kept: null };
    let yearly = 0;
    if (option.rates) {
      const [input, cached, output] = option.rates;
      const of = (price, tokens) => (price * tokens) / 1e6;
      const bill = of(input, set.volume.input) + of(cached, set.volume.cached) + of(output, set.volume.output);
      yearly = bill * set.apis;
    } else if (option.kind === "hybrid") {
      // Its peak is worked out hour by hour, which the page cannot: it stays as planned.
      return null;
    } else if (option.kind === "wait") {
      result.kept = false;
    } else {
      const cell = option.cells[set.cell];
      if (!cell) return null;
      const [quantity, capex, [capital, support], fixed, [idle, busy], used, times, kept] = cell;
      Object.assign(result, { quantity, capex: capex * set.machines, used: used * set.use, times, kept });
      result.capital = capital * set.machines;
      yearly = result.capital + support * set.machines + fixed + idle + (busy - idle) * Math.min(used * set.use, 1);
    }
    result.yearly = yearly;
    result.worth = yearly * data.annuity * option.worth_share;
    result.million = (yearly / set.tokens) * 1e6;
    result.userMonth = yearly / 12 / Math.max(data.users, 1);
    result.excluded = option.excluded;
    if (data.budget !== null && result.capex > data.budget) {
      result.excluded = say(words.above_budget, { cost: usd(result.capex), budget: usd(data.budget) });
    }
    return result;
  }

  const open = (option, result) =>
    result && !result.excluded && result.kept !== false && option.is_asked_model &&
    option.kind !== "wait" && option.kind !== "lower_quant" && option.kind !== "hybrid";

  function cheapest(results, wanted) {
    let best = null;
    results.forEach((result, at) => {
      if (wanted(data.options[at], result) && (best === null || result.worth < results[best].worth)) best = at;
    });
    return best;
  }

  function fill(row, first, texts) {
    texts.forEach((text, at) => { row.cells[first + at].textContent = text; });
  }

  function showOptions(results, best) {
    const rows = document.querySelectorAll("#options-table tbody tr");
    results.forEach((result, at) => {
      const row = rows[at];
      if (data.options[at].kind === "hybrid") {
        row.classList.add("as-planned");
        return;
      }
      row.classList.toggle("chosen", at === best);
      row.classList.toggle("struck", Boolean(result && result.excluded));
      if (!result) {
        fill(row, 2, ["", "", "", "", "", "", "", "", "", words.no_room]);
        return;
      }
      const kept = result.kept === null ? "?" : result.kept ? words.yes : words.no;
      fill(row, 2, [
        result.quantity === null ? "" : String(result.quantity),
        usd(result.capex),
        usd(result.yearly),
        usd(result.worth),
        usd(result.million),
        usd(result.userMonth),
        result.used === null ? "" : percent(result.used),
        result.times ? result.times[0] : "",
        result.times ? result.times[1] : "",
        result.excluded ? say(words.excluded, { why: result.excluded }) : kept,
      ]);
    });
  }

  // As `payback` of the program reckons and tells it.
  function paidBack(capex, others, running) {
    const saved = others.map((other) => (other - running) / 12);
    let [left, months] = [capex, 0];
    for (const month of saved) {
      if (month > 0 && left <= month * 12) return monthsTold(months + left / month);
      left -= month * 12;
      months += 12;
    }
    const last = saved[saved.length - 1];
    return last > 0 ? monthsTold(months + left / last) : words.never;
  }

  function monthsTold(months) {
    if (months >= 0.5 && months < 1.5) return words.month;
    return months > 120 ? words.decade : say(words.months, { value: fixed(months, 0) });
  }

  function showBreakEven(results) {
    const rows = document.querySelectorAll("#break-even-table tbody tr");
    if (rows.length === 0) return;
    const keeps = (option, result) => option.kind === "buy" && result && result.kept;
    const own =
      cheapest(results, (option, result) => keeps(option, result) && !result.excluded) ?? cheapest(results, keeps);
    document.getElementById("break-even-own").textContent =
      own === null ? words.none_bought : say(words.bought, { name: data.options[own].name });
    data.rivals.forEach((rival, at) => {
      const other = results[rival];
      if (own === null || !other) {
        fill(rows[at], 2, ["", "", words.never]);
        return;
      }
      const others = data.options[rival].years.map((share) => other.yearly * share);
      const api = data.options[rival].rates !== null;
      const share = results[own].yearly / (other.yearly / results[own].used);
      fill(rows[at], 2, [
        !api ? "" : share > 1 ? words.never : percent(share),
        !api ? "" : share > 1 ? words.never : fixed(results[own].yearly / 12 / other.million, 0),
        paidBack(results[own].capex, others, results[own].yearly - results[own].capital),
      ]);
    });
  }

  function update() {
    const set = settings();
    const results = data.options.map((option) => outcome(option, set));
    const best = cheapest(results, open);
    for (const name of names) {
      const text = told[name](data[name].stops[Number(sliders[name].value)]);
      sliders[name].setAttribute("aria-valuetext", text);
      form.elements[name + "_told"].value = text;
    }
    showOptions(results, best);
    showBreakEven(results);
    document.getElementById("what-if-answer").textContent =
      best === null
        ? words.none
        : say(words.cheapest, { name: data.options[best].name, cost: usd(results[best].worth) });
    const moved = names.some((name) => Number(sliders[name].value) !== data[name].planned);
    document.body.classList.toggle("moved", moved);
  }

  form.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  form.addEventListener("submit", (event) => event.preventDefault());
  update();
})();
