/** Servers that speak HTTP and JSON in another way that is as good. */

import { gzipSync } from "node:zlib";
import { around, onAnswer } from "../parts.mjs";
import { refuse } from "../submission.mjs";
import { sleep } from "../tasks.mjs";

const v = (change, more = {}) => ({ change, ...more });
const headers = (extra) => v((s) => onAnswer(s, () => true, (answer) => Object.assign(answer.headers, extra)));
const challenge = (value) => v((s) => onAnswer(s, (a) => a.status === 401, (a) => (a.headers["WWW-Authenticate"] = value)));
const escaped = (text) =>
  text.replace(/"(\w)/g, (_, c) => `"\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

const errorBody = (make) => v((s) => (s.errorBody = make));

/** Answers a body that is declared too large at once, and ends the connection after some milliseconds. */
const hangsUp = (milliseconds, answers = true) =>
  v((s) => {
    s.order = ["declaredSize", ...s.order];
    s.declaredSize = (call) => {
      call.hangsUp = Number(call.headers["content-length"]) > s.limit;
      if (call.hangsUp) refuse("payload_too_large");
    };
    around(s, "transmit", async (inner, call, status, sent, content) => {
      if (!call.hangsUp) return inner(call, status, sent, content);
      if (answers) inner(call, status, { ...sent, Connection: "close" }, content);
      if (milliseconds) await sleep(milliseconds);
      call.request.socket.destroy();
    });
  });

const rateLimited = (retryAfter) =>
  v((s) => {
    const recent = [];
    s.status.rate_limited = 429;
    around(s, "route", (inner, call) => {
      while (recent.length && recent[0] < Date.now() - 1000) recent.shift();
      if (recent.length >= 30) refuse("rate_limited");
      recent.push(Date.now());
      return inner(call);
    });
    onAnswer(s, (a) => a.status === 429, (a) => Object.assign(a.headers, retryAfter()));
  }, { readings: { rate_limits: "limited" }, profile: { wait: { task_seconds: 20 } } });

export const wire = {
  closes_every_connection: headers({ Connection: "close" }),
  http_1_0: v((s) => {
    s.transmit = ({ request, response }, status, sent, content) => {
      const { "Content-Length": _, ...rest } = sent;
      const lines = Object.entries(rest).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
      const head = Buffer.from(`HTTP/1.0 ${status} Something\r\n${lines.join("")}\r\n`, "latin1");
      const finish = () => response.socket?.end(Buffer.concat([head, content ?? Buffer.alloc(0)]));
      if (request.readableEnded) finish();
      else request.on("end", finish).resume();
    };
  }),
  short_keep_alive: v((s) => around(s, "listen", async (inner, port) => Object.assign(await inner(port), { keepAliveTimeout: 20 }))),
  chunked_answers: v((s) => {
    s.transmit = async ({ response }, status, { "Content-Length": _, ...sent }, content) => {
      response.writeHead(status, sent);
      for (let at = 0; at < (content?.length ?? 0); at += 17) {
        response.write(content.subarray(at, at + 17));
        if (at < 100) await sleep(1);
      }
      response.end();
    };
  }),
  gzip: v((s) =>
    around(s, "transmit", (inner, call, status, sent, content) => {
      if (!content || !/gzip/.test(call.headers["accept-encoding"])) return inner(call, status, sent, content);
      const packed = gzipSync(content);
      return inner(call, status, { ...sent, "Content-Encoding": "gzip", "Content-Length": packed.length }, packed);
    }),
  ),
  slow_answers: v((s) => onAnswer(s, (a) => !a.isHook, () => sleep(300)), { profile: { wait: { task_seconds: 20 } } }),
  slow_hooks: v((s) => onAnswer(s, (a) => a.isHook, () => sleep(150))),
  one_at_a_time: v((s) => {
    let last = Promise.resolve();
    around(s, "serve", (inner, ...given) => (last = last.then(() => inner(...given))));
  }),
  escaped_json: v((s) => (s.encode = (value) => Buffer.from(escaped(JSON.stringify(value))))),
  pretty_json: v((s) => (s.encode = (value) => Buffer.from(`\n${JSON.stringify(value, null, "\t")}\r\n`))),
  json_charset: v((s) => (s.contentType = "application/json; charset=utf-8")),
  json_upper_case_type: v((s) => (s.contentType = 'Application/JSON;Charset="UTF-8"')),
  problem_json: v((s) => {
    s.errorBody = (code) => ({ type: `https://errors.example/${code}`, title: "Refused", status: s.status[code], code });
    onAnswer(s, (a) => a.code && !a.isHook, (a) => (a.contentType = "application/problem+json"));
  }, { readings: { error_code_place: "/code" } }),
  vendor_json: v((s) => onAnswer(s, (a) => !a.isHook, (a) => (a.contentType = "application/vnd.startocr.v1+json"))),
  extra_headers: headers({
    "X-Request-Id": "a-1", Server: "nginx", "Cache-Control": "no-store", "Strict-Transport-Security": "max-age=1",
    "Set-Cookie": ["session=1; Path=/", "locale=de; Path=/"], "X-Powered-By": "Express", Link: "<https://x.example>; rel=help",
  }),
  extra_members: v((s) => onAnswer(s, (a) => a.body, (a) => {
    a.body = { ...a.body, ...(a.accepted ? { error: null, code: 0, errors: [] } : {}), requestId: "r-1", meta: { task: { taskId: "x" } } };
  })),
  members_in_another_order: v((s) => onAnswer(s, (a) => a.body, (a) => {
    a.body = Object.fromEntries(Object.entries(a.body).reverse());
  })),
  code_beside_a_reason: v((s) => {
    s.errorBody = (code) => ({ statusCode: s.status[code], error: "Unauthorized or so", message: "Refused", code });
  }, { readings: { error_code_place: "/code" } }),
  code_beside_a_flag: errorBody((code) => ({ error: true, errors: [{ code, field: null }], status: "error" })),
  code_beside_an_object: errorBody((code) => ({ error: { message: "Refused" }, code })),
  chatty_refusals: errorBody((code) => ({
    error: code, message: "Not missing_api_key, invalid_api_key, missing_image_base64 nor insufficient_pages",
  })),
  non_ascii_messages: errorBody((code) => ({ error: code, message: "Schlüssel “fehlt” — 没有密钥 🔑" })),
  challenge_with_realm: challenge('Bearer realm="StartOCR", error="invalid_token", error_description="no, none"'),
  challenge_lower_case: challenge("bearer"),
  challenge_after_another: challenge('Basic realm="a, Digest b", Bearer realm="x"'),
  challenge_before_another: challenge('Bearer realm="x", Basic realm="y"'),
  challenges_in_two_lines: challenge(['Basic realm="x"', "Bearer"]),
  allow_in_another_order: v((s) => onAnswer(s, (a) => a.status === 405, (a) => (a.headers.Allow = "OPTIONS,POST"))),
  methods_refused_in_html: v((s) => onAnswer(s, (a) => a.status === 405, (a) =>
    Object.assign(a, { content: Buffer.from("<h1>Method Not Allowed</h1>"), contentType: "text/html" }))),
  methods_refused_without_a_word: v((s) => onAnswer(s, (a) => a.status === 405, (a) => (a.body = undefined))),
  options_without_origin: v((s) => around(s, "otherMethod", (inner, call) =>
    (call.method === "OPTIONS" ? { status: 204, headers: { Allow: "OPTIONS, POST" } } : inner(call)))),
  method_after_key: v((s) => around(s, "otherMethod", (inner, call) => {
    s.bearer(call);
    s.key(call);
    return inner(call);
  })),
  body_before_key: v((s) => (s.order = ["mediaType", "size", "json", "field", "decode", "provider", "document", "bearer", "key", "charge"])),
  size_first: v((s) => (s.order = ["size", ...s.order.filter((step) => step !== "size")])),
  balance_before_body: v((s) => {
    s.order = ["bearer", "key", "anyPages", ...s.order.slice(2)];
    s.anyPages = (call) => s.affords(call.account, 1) || refuse("insufficient_pages");
  }),
  lists_every_fault: v((s) => (s.errorBody = (code) => ({ error: code, errors: [{ code: "see_error", detail: code }] }))),
  hangs_up_on_large_bodies: hangsUp(200),
  hangs_up_at_once: hangsUp(0),
  answers_large_bodies_early: v((s) => {
    s.order = ["declaredSize", ...s.order];
    s.declaredSize = (call) => {
      if (Number(call.headers["content-length"]) > s.limit) refuse("payload_too_large");
    };
  }),
  stops_reading_large_bodies: v((s) => {
    s.readBody = ({ request }) => new Promise((done) => {
      const chunks = [];
      request.on("data", (chunk) => {
        chunks.push(chunk);
        if (chunks.reduce((sum, one) => sum + one.length, 0) > s.limit) done(null);
      });
      request.on("end", () => done(Buffer.concat(chunks)));
    });
    around(s, "transmit", async (inner, call, status, sent, content) => {
      if (status !== 413) return inner(call, status, sent, content);
      inner(call, status, { ...sent, Connection: "close" }, content);
      await sleep(200);
      return call.request.socket.destroy();
    });
  }),
  rate_limit: rateLimited(() => ({ "Retry-After": "1" })),
  rate_limit_by_date: rateLimited(() => ({ "Retry-After": new Date(Date.now() + 1500).toUTCString() })),
  rate_limit_silent: rateLimited(() => ({})),
};
