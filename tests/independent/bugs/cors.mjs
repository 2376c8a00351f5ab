/** Bugs of CORS. */

import { around, isBaidu, part, refuse, sleep, wrap } from "./tools.mjs";

const ALLOWED = "cors.allowed_origin";
const FOREIGN = "cors.foreign_origin";
const READABLE = "cors.refusal_readable";
const SERVER = "cors.server_to_server";
const PREFLIGHT = "cors.preflight";
const HEADERS = "Access-Control-Allow-Headers";

const ACAO = "Access-Control-Allow-Origin";
const allows = (test) => wrap(FOREIGN, "allows", function (inner, origin) { return inner(origin) || test(origin, this.allowedOrigins[0]); });
/** The CORS headers of some answers changed. */
const sent = (rules, when, change) => wrap(rules, "corsHeaders", (inner, call, answer) => { const headers = inner(call, answer); return answer && call.origin && when(answer, call) ? change(headers, call) ?? headers : headers; });
const unreadable = (when) => sent(READABLE, (answer) => answer.code && when(answer), () => ({}));
const preflight = (change) => wrap(PREFLIGHT, "preflight", (inner, call) => { const answer = inner(call); return change(answer, call) ?? answer; });
const isOptions = (call) => call.method === "OPTIONS";

export const cors = {
  cors_absent: part(`${ALLOWED} ${PREFLIGHT}`, { corsHeaders: () => ({}) }),
  cors_absent_on_success: sent(ALLOWED, (a) => a.accepted, () => ({})),
  cors_absent_for_baidu: sent(ALLOWED, (a, call) => a.accepted && isBaidu(call), () => ({})),
  cors_origin_lower_scheme: sent(ALLOWED, (a) => a.accepted, (headers) => ({ ...headers, [ACAO]: "http://app.example.com" })),
  cors_origin_with_slash: sent(ALLOWED, (a) => a.accepted, (headers) => ({ ...headers, [ACAO]: `${headers[ACAO]}/` })),
  cors_origin_without_scheme: sent(ALLOWED, (a) => a.accepted, (headers) => ({ ...headers, [ACAO]: "app.example.com" })),
  cors_origin_upper_case: sent(ALLOWED, (a) => a.accepted, (headers) => ({ ...headers, [ACAO]: headers[ACAO]?.toUpperCase() ?? "" })),
  cors_origin_twice: sent(ALLOWED, (a) => a.accepted, (headers) => ({ ...headers, [ACAO]: [headers[ACAO], headers[ACAO]] })),
  cors_origin_list: sent(ALLOWED, (a) => a.accepted, (headers) => ({ ...headers, [ACAO]: `${headers[ACAO]}, https://other.example` })),
  cors_origin_null: sent(ALLOWED, (a) => a.accepted, (headers) => ({ ...headers, [ACAO]: "null" })),
  cors_star_and_echo: sent(ALLOWED, (a) => a.accepted, (headers) => ({ ...headers, [ACAO]: ["*", headers[ACAO] ?? "*"] })),
  allowed_origin_refused: [ALLOWED, (s) => (s.foreign = () => ({ status: 403, body: { error: "origin" } }), s.allows = () => false)],
  allowed_origin_403: wrap(ALLOWED, "submit", (inner, call) => (call.origin ? refuse("invalid_hooks_token") : inner(call))),
  foreign_all_echoed: allows(() => true),
  foreign_all_star: sent(FOREIGN, () => true, (headers) => ({ ...headers, [ACAO]: "*" })),
  foreign_star_on_success: sent(FOREIGN, (a) => a.accepted, (headers) => ({ ...headers, [ACAO]: "*" })),
  foreign_by_start: allows((origin, allowed) => origin.startsWith(allowed)),
  foreign_by_end: allows((origin) => origin.endsWith("app.example.com")),
  foreign_by_domain_end: allows((origin) => origin.endsWith("example.com")),
  foreign_siblings: allows((origin) => origin.endsWith(".example.com")),
  foreign_containing: allows((origin) => origin.includes("app.example.com")),
  foreign_by_unescaped_pattern: allows((origin) => /^https:\/\/app.example.com$/.test(origin)),
  foreign_by_unanchored_pattern: allows((origin) => /^https:\/\/app\.example\.com/.test(origin)),
  foreign_null_allowed: allows((origin) => origin === "null"),
  foreign_of_same_length: allows((origin, allowed) => origin.length === allowed.length),
  foreign_readable_refusals: sent(FOREIGN, (a) => a.code, (headers, call) => ({ ...headers, [ACAO]: call.origin })),
  foreign_preflight_granted: [FOREIGN, (s) => {
    around(s, "corsHeaders", (inner, call, answer) => (isOptions(call) ? { [ACAO]: call.origin } : inner(call, answer)));
    s.preflight = () => ({ status: 204, headers: { "Access-Control-Allow-Methods": "POST", [HEADERS]: "Authorization, Content-Type" } });
  }],
  foreign_answers_granted: sent(FOREIGN, (a, call) => !isOptions(call), (headers, call) => ({ ...headers, [ACAO]: call.origin })),
  foreign_for_baidu: sent(FOREIGN, (a, call) => isBaidu(call), (headers, call) => ({ ...headers, [ACAO]: call.origin })),
  refusals_unreadable: unreadable(() => true),
  refusals_401_unreadable: unreadable((a) => a.status === 401),
  refusals_missing_key_unreadable: unreadable((a) => a.code === "missing_api_key"),
  refusals_invalid_key_unreadable: unreadable((a) => a.code === "invalid_api_key"),
  refusals_400_unreadable: unreadable((a) => a.status === 400),
  refusals_missing_image_unreadable: unreadable((a) => a.code === "missing_image_base64"),
  refusals_invalid_image_unreadable: unreadable((a) => a.code === "invalid_image_base64"),
  refusals_402_unreadable: unreadable((a) => a.status === 402),
  refusals_405_unreadable: unreadable((a) => a.status === 405),
  refusals_413_unreadable: unreadable((a) => a.status === 413),
  refusals_415_unreadable: unreadable((a) => a.status === 415),
  refusals_for_another_origin: sent(READABLE, (a) => a.code, (headers) => ({ ...headers, [ACAO]: "https://startocr.com" })),
  without_origin_refused: wrap(SERVER, "submit", (inner, call) => (call.origin === undefined ? refuse("invalid_hooks_token") : inner(call))),
  without_origin_crashes: wrap(SERVER, "corsHeaders", (inner, call, answer) => { if (call.origin === undefined && answer?.accepted) answer.status = 500; return inner(call, answer); }),
  preflight_needs_key: wrap(PREFLIGHT, "preflight", function (inner, call) { this.bearer(call); return inner(call); }),
  preflight_needs_media_type: wrap(PREFLIGHT, "preflight", function (inner, call) { this.mediaType(call); return inner(call); }),
  preflight_405: wrap(PREFLIGHT, "preflight", () => refuse("method_not_allowed")),
  preflight_404: wrap(PREFLIGHT, "preflight", () => refuse("not_found")),
  preflight_500: wrap(PREFLIGHT, "preflight", () => refuse("internal_error")),
  preflight_redirects: preflight((answer) => ({ ...answer, status: 301, headers: { ...answer.headers, Location: "/" } })),
  preflight_without_headers: preflight((answer) => { delete answer.headers[HEADERS]; }),
  preflight_without_authorization: preflight((answer) => { answer.headers[HEADERS] = "Content-Type"; }),
  preflight_without_content_type: preflight((answer) => { answer.headers[HEADERS] = "Authorization"; }),
  preflight_headers_star: preflight((answer) => { answer.headers[HEADERS] = "*"; }),
  preflight_headers_misspelt: preflight((answer) => { answer.headers[HEADERS] = "Authorisation, Content-Type"; }),
  preflight_headers_by_semicolon: preflight((answer) => { answer.headers[HEADERS] = "Authorization; Content-Type"; }),
  preflight_headers_by_space: preflight((answer) => { answer.headers[HEADERS] = "Authorization Content-Type"; }),
  preflight_first_header_only: preflight((answer, call) => { answer.headers[HEADERS] = call.headers["access-control-request-headers"]?.split(",")[0] ?? ""; }),
  preflight_without_origin: sent(PREFLIGHT, (a, call) => isOptions(call), () => ({})),
  preflight_for_another_origin: sent(PREFLIGHT, (a, call) => isOptions(call), (headers) => ({ ...headers, [ACAO]: "https://startocr.com" })),
  preflight_origin_with_slash: sent(PREFLIGHT, (a, call) => isOptions(call), (headers) => ({ ...headers, [ACAO]: `${headers[ACAO]}/` })),
  preflight_hangs: [PREFLIGHT, (s) => around(s, "preflight", async (inner, call) => { await sleep(60_000); return inner(call); })],
};
