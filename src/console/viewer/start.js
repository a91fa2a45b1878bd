// Opens the viewer on the document that stands beside the page, and lets it call the gateway that served the page.
"use strict";

// How many objects are shown of an operation's schemas. Contracts refer to each other's types in circles and without
// end: what is beyond stays a reference, which names the component.
const MOST = 3000;

const lookUp = (spec, pointer) => {
  const steps = decodeURIComponent(pointer.slice(1)).split("/").slice(1);
  return steps.reduce((at, step) => at?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], spec);
};

// A part of the document with the components in place of references to them, the nearest first.
const inlined = (spec, part) => {
  let count = 0;
  const later = [];
  const copy = (node, inside) => {
    if (Array.isArray(node)) return node.map((one) => copy(one, inside));
    if (node === null || typeof node !== "object") return node;
    count += 1;
    const made = {};
    for (const [name, value] of Object.entries(node)) made[name] = copy(value, inside);
    if (typeof node.$ref === "string") later.push([made, inside]);
    return made;
  };
  const whole = copy(part, []);
  for (let next = 0; next < later.length && count < MOST; next += 1) {
    const [place, inside] = later[next];
    const name = place.$ref;
    const component = lookUp(spec, name);
    if (component === undefined || inside.includes(name)) continue;
    delete place.$ref;
    const made = copy(component, [...inside, name]);
    if (name.startsWith("#/components/schemas/")) made.title ??= name.split("/").pop();
    Object.assign(place, { ...made, ...place });
    // A component may be nothing but a reference to another.
    if (typeof component.$ref === "string") later.push([place, [...inside, name]]);
  }
  return whole;
};

// Takes the place of the viewer's own resolver, which never ends with large contracts.
const resolver = (spec) => () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        requestResolvedSubtree: (_, system) => (path) => {
          const part = path.reduce((at, step) => at?.[step], spec);
          if (part === undefined || system.specSelectors.specResolvedSubtree(path)) return;
          system.specActions.updateResolvedSubtree(path, inlined(spec, part));
        },
      },
    },
  },
});

const open = async () => {
  const place = document.getElementById("viewer");
  const answer = await fetch("openapi.json");
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  const spec = await answer.json();
  // The page is at {service}/try, below whatever prefix a proxy in front adds.
  const below = `${place.dataset.service}/try`;
  const prefix = location.pathname.endsWith(below) ? location.pathname.slice(0, -below.length) : "";
  spec.servers = [{ url: location.origin + prefix }];
  SwaggerUIBundle({
    spec: { ...spec, components: {} },
    plugins: [resolver(spec)],
    domNode: place,
    deepLinking: true,
    defaultModelsExpandDepth: -1,
    docExpansion: Object.keys(spec.paths).length > 100 ? "none" : "list",
    displayRequestDuration: true,
    tryItOutEnabled: true,
    validatorUrl: null,
  });
};

open().catch((error) => {
  document.getElementById("viewer").textContent = `The OpenAPI document cannot be read: ${error.message}`;
});
