/**
 * A StartOCR server that owes nothing to this project's own: written from documentation.md, questions.md and the
 * interfaces alone, with Node's http module. It conforms; `--variant NAME` makes it conform in another way, `--bug NAME`
 * breaks it. It recognises nothing and keeps everything in memory.
 */

import { parseArgs } from "node:util";
import { bugs } from "./bugs/index.mjs";
import { newServer } from "./parts.mjs";
import { variants } from "./variants/index.mjs";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    megabytes: { type: "string", default: "10" },
    variant: { type: "string", multiple: true, default: [] },
    bug: { type: "string", multiple: true, default: [] },
    list: { type: "boolean", default: false },
  },
});

if (values.list) {
  const readings = Object.entries(variants).map(([name, { readings = {}, profile = {} }]) => [name, { readings, profile }]);
  const rules = Object.entries(bugs).map(([name, [broken]]) => [name, broken.split(" ")]);
  console.log(JSON.stringify({ variants: Object.fromEntries(readings), bugs: Object.fromEntries(rules) }));
} else {
  await serve();
}

async function serve() {
  const server = newServer();
  server.megabytes = Number(values.megabytes);
  server.limit = server.megabytes * 2 ** 20;
  for (const name of values.variant) chosen(variants, name).change(server);
  for (const name of values.bug) chosen(bugs, name)[1](server);
  const { port } = (await server.listen(Number(values.port))).address();
  const url = `http://127.0.0.1:${port}${server.base}`;
  const ready = { url, hooks: url + server.hooksPath, profile: profileOf(server, url) };
  console.log(JSON.stringify(ready));
}

function chosen(table, name) {
  if (Object.hasOwn(table, name)) return table[name];
  console.error(`There is no ${name}; --list names all variants and bugs.`);
  return process.exit(2);
}

/** The target profile that leads here; it has keys in place of hooks where the server has none. */
function profileOf(server, url) {
  const hooks = { url: url + server.hooksPath, ...(server.hooksToken ? { token: server.hooksToken } : {}) };
  return {
    name: [...values.variant, ...values.bug].join(" ") || "independent",
    base_url: url,
    account_api: { task: "/api/tasks/{taskId}", balance: "/api/account" },
    cors: { allowed_origin: server.allowedOrigins[0] },
    ...(server.hookGroups.length ? { hooks } : { keys: knownKeys(server) }),
    // What a bug keeps from happening is not waited for as long.
    ...(values.bug.length ? { wait: { task_seconds: 5 } } : {}),
    ...server.profile,
  };
}

function knownKeys(server) {
  const valid = server.openAccount(100_000);
  const revoked = server.addKey(valid);
  server.revoke(revoked);
  return { valid: server.addKey(valid).secret, revoked: revoked.secret, exhausted: server.addKey(server.openAccount(0)).secret };
}
