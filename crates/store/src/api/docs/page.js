// Shows openapi.json. Text only ever becomes text: nothing of the description is read as markup.
"use strict";

const make = (name, text, attributes = {}) => {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

/** A schema as a sample of its form: names of types in place of values. `seen` ends circles. */
const form = (schema, all, seen = []) => {
  if (!schema) return "any";
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return seen.includes(name) ? name : form(all[name], all, [...seen, name]);
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) {
    const known = choices.filter((choice) => choice.type !== "null").map((choice) => form(choice, all, seen));
    if (known.every((choice) => typeof choice === "string")) return known.join(" | ");
    return known.length === 1 ? known[0] : { "one of": known };
  }
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => form(part, all, seen)));
  if (schema.enum) return schema.enum.map(String).join(" | ");
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type;
  if (type?.includes("array")) return [form(schema.items, all, seen)];
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [key, form(value, all, seen)]));
  }
  return schema.format ? `${type} (${schema.format})` : (type ?? "any");
};

const body = (content, all) => {
  const [kind, described] = Object.entries(content ?? {})[0] ?? [];
  if (!described?.schema) return undefined;
  return { kind, text: JSON.stringify(form(described.schema, all), null, 2) };
};

const operation = (verb, path, described, all) => {
  const section = make("section", undefined, { id: `${verb}-${path}` });
  const heading = make("h2");
  heading.append(make("span", verb, { class: "verb" }), path);
  section.append(heading, make("p", [described.summary, described.description].filter(Boolean).join(" ")));
  if (described.parameters?.length) {
    const table = make("table");
    for (const parameter of described.parameters) {
      const row = make("tr");
      row.append(make("th", parameter.name), make("td", parameter.in), make("td", parameter.description ?? ""));
      table.append(row);
    }
    section.append(make("h3", "Parameters"), table);
  }
  const sent = body(described.requestBody?.content, all);
  if (sent) section.append(make("h3", `Body (${sent.kind})`), make("pre", sent.text));
  const answers = make("table");
  for (const [status, answer] of Object.entries(described.responses ?? {})) {
    const row = make("tr");
    row.append(make("th", status), make("td", answer.description ?? ""));
    answers.append(row);
  }
  section.append(make("h3", "Answers"), answers);
  const good = Object.entries(described.responses ?? {}).find(([status]) => status.startsWith("2"));
  const shown = good && body(good[1].content, all);
  if (shown) section.append(make("h3", `${good[0]} (${shown.kind})`), make("pre", shown.text));
  return section;
};

const show = (api) => {
  document.getElementById("title").textContent = `${api.info.title} ${api.info.version}`;
  document.getElementById("about").textContent = api.info.description ?? "";
  const contents = document.getElementById("contents");
  const main = document.getElementById("operations");
  const all = api.components?.schemas ?? {};
  for (const tag of api.tags ?? []) {
    contents.append(make("h2", tag.name, { title: tag.description ?? "" }));
    for (const [path, verbs] of Object.entries(api.paths)) {
      for (const [verb, described] of Object.entries(verbs)) {
        if (!described.tags?.includes(tag.name)) continue;
        contents.append(make("a", `${verb.toUpperCase()} ${path}`, { href: `#${encodeURIComponent(`${verb}-${path}`)}` }));
        main.append(operation(verb, path, described, all));
      }
    }
  }
};

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then(show)
  .catch(() => {
    document.getElementById("about").textContent = "The description could not be loaded.";
  });
