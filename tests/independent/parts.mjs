/** The whole server as one object of small parts, so that a variant or a bug is the server with a part replaced. */

import { accountApi } from "./account_api.mjs";
import { accounts } from "./accounts.mjs";
import { cors } from "./cors.mjs";
import { inspect } from "./documents.mjs";
import { hooks } from "./hooks.mjs";
import { http } from "./http.mjs";
import { submission } from "./submission.mjs";
import { tasks } from "./tasks.mjs";

export function newServer() {
  const server = { ...accounts, ...tasks, ...submission, ...accountApi, ...hooks, ...cors, ...http, inspect };
  server.profile = { wait: { task_seconds: 4 } };
  return server;
}

/** Replaces a part by one that may call it: wrapping(inner, ...arguments), with the server as `this`. */
export function around(server, part, wrapping) {
  const inner = server[part].bind(server);
  server[part] = function (...given) {
    return wrapping.call(this, inner, ...given);
  };
}

/** Changes the answers for which `when` is true: by edit(answer, call). */
export function onAnswer(server, when, edit) {
  server.edits.push((answer, call) => (when(answer, call) ? edit(answer, call) : undefined));
}
