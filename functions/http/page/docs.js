// Renders openapi.json, so that the API description works offline: a Swagger bundle would be a hundred times this.
"use strict";

function make(tag, text, ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

function resolve(api, schema) {
  return schema?.$ref ? api.components.schemas[schema.$ref.split("/").pop()] : schema;
}

/** "number 0–2", "mp3 | wav", "string", "array". */
function kind(field) {
  const forms = (field.anyOf || [field]).filter((each) => each.type !== "null");
  return forms.map((each) => {
    if (each.enum || each.const) return (each.enum || [each.const]).join(" | ");
    return each.minimum === undefined ? each.type : `${each.type} ${each.minimum} – ${each.maximum}`;
  }).join(" | ");
}

function table(schema) {
  const rows = Object.entries(schema.properties).map(([name, field]) => {
    const initial = field.default === undefined || field.default === null ? "" : `默认 ${JSON.stringify(field.default)}`;
    const about = [field.description, initial].filter(Boolean).join("；");
    return make("tr", "", make("td", "", make("code", name)), make("td", kind(field)), make("td", about));
  });
  const scroll = make("div", "", make("table", "", ...rows));
  scroll.className = "scroll";
  return scroll;
}

function describe(api, path, method, route) {
  const parts = [make("h2", `${method.toUpperCase()} ${path}`), make("p", route.summary)];
  const asked = resolve(api, route.requestBody?.content["application/json"].schema);
  const url = new URL(path.slice(1), document.baseURI).href;
  if (asked) {
    const example = JSON.stringify(asked.examples[0]);
    parts.push(make("pre", `curl ${url} -H 'Content-Type: application/json' -d '${example}'`), table(asked));
  } else {
    parts.push(make("pre", `curl ${url}`));
  }
  const answered = resolve(api, route.responses["200"].content["application/json"]?.schema);
  if (answered?.properties) parts.push(make("p", "200："), table(answered));
  return make("article", "", ...parts);
}

fetch("openapi.json").then((answer) => answer.json()).then((api) => {
  document.getElementById("about").textContent = `${api.info.description}版本 ${api.info.version}`;
  const routes = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => describe(api, path, method, route)));
  document.getElementById("routes").replaceChildren(...routes);
});
