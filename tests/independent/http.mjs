/** HTTP: which call is meant, and how its answer is written. */

import { createServer } from "node:http";
import { Refusal, refuse } from "./submission.mjs";

const MESSAGES = {
  missing_api_key: "Send your key as Authorization: Bearer …",
  invalid_api_key: "No such key",
  insufficient_pages: "No pages are left",
  payload_too_large: "The body is larger than 10 MB",
};

export const http = {
  submitPath: "/api/ocr",
  status: {
    missing_api_key: 401, invalid_api_key: 401, missing_image_base64: 400, invalid_image_base64: 400,
    insufficient_pages: 402, payload_too_large: 413, unsupported_media_type: 415,
    unknown_provider: 400, task_creation_failed: 500, internal_error: 500,
    method_not_allowed: 405, not_found: 404, task_not_found: 404, invalid_hooks_token: 403,
  },
  /** Each may change an answer before it is written: (answer, call) => void. */
  edits: [],
  base: "",
  contentType: "application/json",

  listen(port) {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => this.serve(request, response));
    return new Promise((ready) => server.listen(port, "127.0.0.1", () => ready(server)));
  },

  async serve(request, response) {
    const call = this.callOf(request, response);
    const answer = await this.answer(call);
    for (const edit of this.edits) await edit(answer, call);
    await this.write(call, answer);
  },

  callOf(request, response) {
    const [path, query] = request.url.slice(this.base.length).split("?");
    const { method, headers } = request;
    return { request, response, method, headers, path, query: new URLSearchParams(query), origin: headers.origin };
  },

  async answer(call) {
    const isHook = call.path.startsWith(this.hooksPath);
    try {
      const answer = isHook ? await this.hook(call, call.path.slice(this.hooksPath.length)) : await this.api(call);
      return { headers: {}, ...answer, isHook };
    } catch (error) {
      return { ...this.refusal(error, call), isHook };
    }
  },

  async api(call) {
    if (this.isPreflight(call)) return this.preflight(call);
    const foreign = call.origin !== undefined && !this.allows(call.origin, call) && this.foreign(call);
    return foreign || this.route(call);
  },

  route(call) {
    const isGet = call.method === "GET";
    if (call.path === this.submitPath) return call.method === "POST" ? this.submit(call) : this.otherMethod(call);
    if (isGet && call.path === "/api/tasks") return this.listTasks(call);
    if (isGet && call.path === this.balancePath) return this.readAccount(call);
    const task = isGet && this.taskPath.exec(call.path);
    return task ? this.readTask(call, decoded(task[1])) : refuse("not_found");
  },

  otherMethod: () => refuse("method_not_allowed"),

  refusal(error, call) {
    if (!(error instanceof Refusal)) console.error(error);
    const { code, why } = error instanceof Refusal ? error : { code: "internal_error", why: "" };
    const headers = code === "method_not_allowed" ? { Allow: "POST" } : {};
    if (this.status[code] === 401) headers["WWW-Authenticate"] = "Bearer";
    return { status: this.status[code], headers, code, why, body: this.errorBody(code, call, why) };
  },

  errorBody: (code) => ({ success: false, error: code, message: MESSAGES[code] ?? `Refused: ${code}` }),

  encode: (value) => Buffer.from(JSON.stringify(value)),

  async write(call, answer) {
    const content = answer.content ?? (answer.body === undefined ? null : this.encode(answer.body, answer));
    const headers = { ...(answer.isHook ? {} : this.corsHeaders(call, answer)), ...answer.headers };
    if (content && answer.contentType !== null) headers["Content-Type"] = answer.contentType ?? this.contentType;
    if (content) headers["Content-Length"] = content.length;
    await this.transmit(call, answer.status, headers, content);
  },

  transmit({ response }, status, headers, content) {
    response.writeHead(status, headers).end(content);
  },
};

/** What a part of a path means; one that is no encoding of anything means itself, and names nothing. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
