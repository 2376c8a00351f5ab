/** Bugs of keys and their checks. */

import { accepted, around, edit, isBaidu, onAnswer, part, recode, refuse, refusedBy, wrap } from "./tools.mjs";

const MISSING = "auth.missing_key";
const SCHEME = "auth.other_scheme";
const UNKNOWN = "auth.unknown_key";
const REVOKED = "auth.revoked_key";
const SCOPE = "auth.revocation_scope";
const EVERY = "auth.every_request";
const ONCE = "auth.key_shown_once";

/** A key is found by another comparison: same(secret, token). */
const compared = (same, rules = UNKNOWN) =>
  part(rules, { findKey(token) { return this.keys.find((key) => key.secret === token) ?? this.keys.find((key) => same(key.secret, token, key)); } });

/** A header is read with another pattern, whose first group is the key. */
const pattern = (rules, regex) =>
  part(rules, { bearer(call) {
    const found = regex.exec(call.headers.authorization ?? "");
    call.token = found ? found[1] : refuse("missing_api_key", call.headers.authorization === undefined ? "absent" : "scheme");
  } });

/** A call without a key is taken for one with the key that recall(call) knows. */
const remembered = (rules, remember, recall) => [rules, (s) => {
  around(s, "key", (inner, call) => { inner(call); remember(call); });
  around(s, "bearer", (inner, call) => {
    const token = call.headers.authorization === undefined ? recall(call) : undefined;
    if (token) call.token = token;
    else inner(call);
  });
}];
const byAddress = new Map();
const account = (s) => s.anyone ??= s.openAccount(1e6);
const anonymous = (s, call) => { call.token = (s.demo ??= s.addKey(account(s))).secret; };

/** Revoked keys go on working while still(key, call). */
const works = (still) => part(REVOKED, { isRevoked: (key, call) => key.revoked && !still(key, call) });

/** The key repeated in an answer. */
const shown = (when, show) => edit(ONCE, when, show);

export const authentication = {
  missing_is_invalid: recode(MISSING, refusedBy("absent"), { code: "invalid_api_key" }),
  missing_is_403: recode(MISSING, refusedBy("absent"), { status: 403 }),
  missing_is_400: recode(MISSING, refusedBy("absent"), { status: 400 }),
  missing_is_500: recode(MISSING, refusedBy("absent"), { status: 500 }),
  missing_redirects: edit(MISSING, refusedBy("absent"), (a) => Object.assign(a, { status: 302, headers: { Location: "/login" } })),
  missing_misspelt: recode(MISSING, refusedBy("absent"), { status: 401, code: "missing_apikey" }),
  missing_upper_case: recode(MISSING, refusedBy("absent"), { status: 401, code: "MISSING_API_KEY" }),
  missing_hyphenated: recode(MISSING, refusedBy("absent"), { status: 401, code: "missing-api-key" }),
  missing_is_anonymous: wrap(MISSING, "bearer", function (inner, call) { call.headers.authorization === undefined ? anonymous(this, call) : inner(call); }),
  missing_without_code: edit(MISSING, refusedBy("absent"), (a) => (a.body = { success: false, message: "no key" })),
  missing_as_success_false: recode(MISSING, refusedBy("absent"), { status: 200 }),
  scheme_is_invalid: recode(SCHEME, refusedBy("scheme"), { code: "invalid_api_key" }),
  scheme_is_400: recode(SCHEME, refusedBy("scheme"), { status: 400 }),
  scheme_crashes: recode(SCHEME, refusedBy("scheme"), { status: 500, code: "internal_error" }),
  scheme_ignored: pattern(SCHEME, /^\S+ +(.+)$/),
  scheme_absent_accepted: pattern(SCHEME, /^(?:bearer +)?(\S+)$/i),
  scheme_token_accepted: pattern(SCHEME, /^(?:bearer|token) +(.+)$/i),
  scheme_by_start: pattern(SCHEME, /^bearer\S* +(.+)$/i),
  scheme_anywhere: pattern(SCHEME, /bearer +(.+)$/i),
  scheme_basic_accepted: wrap(SCHEME, "bearer", (inner, call) => {
    const basic = /^basic +(.+)$/i.exec(call.headers.authorization ?? "");
    if (!basic) return inner(call);
    const parts = Buffer.from(basic[1], "base64").toString().split(":");
    return (call.token = parts.find((one) => one.length > 8) ?? refuse("missing_api_key", "scheme"));
  }),
  scheme_basic_with_key: pattern(SCHEME, /^(?:bearer|basic) +(.+)$/i),
  scheme_apikey_accepted: pattern(SCHEME, /^(?:bearer|api-?key) +(.+)$/i),
  unknown_is_missing: recode(UNKNOWN, refusedBy("unknown"), { code: "missing_api_key" }),
  unknown_is_403: recode(UNKNOWN, refusedBy("unknown"), { status: 403 }),
  unknown_is_404: recode(UNKNOWN, refusedBy("unknown"), { status: 404, code: "not_found" }),
  unknown_crashes: recode(UNKNOWN, refusedBy("unknown"), { status: 500, code: "internal_error" }),
  unknown_misspelt: recode(UNKNOWN, refusedBy("unknown"), { status: 401, code: "invalid_apikey" }),
  unknown_accepted: wrap(UNKNOWN, "findKey", function (inner, token) { return inner(token) ?? { account: account(this) }; }),
  unknown_accepted_by_form: wrap(UNKNOWN, "findKey", function (inner, token) { return inner(token) ?? (/^key_[0-9a-f]{48}$/.test(token) ? { account: account(this) } : undefined); }),
  key_longer_accepted: compared((secret, token) => token.startsWith(secret)),
  key_longer_by_much_accepted: compared((secret, token) => token.length > secret.length + 3 && token.startsWith(secret)),
  key_shorter_accepted: compared((secret, token) => token.length > 8 && secret.startsWith(token)),
  key_without_last_accepted: compared((secret, token) => secret.slice(0, -1) === token),
  key_first_16_compared: compared((secret, token) => secret.slice(0, 16) === token.slice(0, 16)),
  key_last_8_compared: compared((secret, token) => secret.slice(-8) === token.slice(-8)),
  key_last_ignored: compared((secret, token) => secret.slice(0, -1) === token.slice(0, -1)),
  key_without_case: compared((secret, token) => secret.toLowerCase() === token.toLowerCase()),
  key_upper_cased: compared((secret, token) => secret.toUpperCase() === token),
  key_trimmed_of_quotes: compared((secret, token) => secret === token.replace(/^"|"$/g, "")),
  key_first_word: compared((secret, token) => token.split(/[ ,;]/)[0] === secret),
  key_by_like: compared((secret, token) => token.includes("_") && new RegExp(`^${token.replace(/[^\w%]/g, "\\$&").replace(/_/g, ".").replace(/%/g, ".*")}$`).test(secret)),
  key_without_separators: compared((secret, token) => secret.replace(/[-_]/g, "") === token.replace(/[-_]/g, "")),
  key_id_accepted: compared((_, token, key) => key.id === token),
  key_reversed_accepted: compared((secret, token) => [...secret].sort().join() === [...token].sort().join()),
  revocation_ignored: works(() => true),
  revoked_for_new_connections: [REVOKED, (s) => {
    around(s, "key", (inner, call) => { const known = (call.request.socket.known ??= new Set()); inner(call); known.add(call.token); });
    s.isRevoked = (key, call) => key.revoked && !call.request.socket.known?.has(key.secret);
  }],
  revoked_after_a_second: [REVOKED, (s) => {
    around(s, "revoke", (inner, key) => { key.since = Date.now(); inner(key); });
    s.isRevoked = (key) => key.revoked && Date.now() - key.since > 1000;
  }],
  revoked_cached_if_used: [REVOKED, (s) => {
    around(s, "key", (inner, call) => { inner(call); const key = s.findKey(call.token); if (!key.revoked) key.seen = Date.now(); });
    s.isRevoked = (key) => key.revoked && !(Date.now() - key.seen < 5000);
  }],
  revoked_once_more: works((key) => !(key.used = (key.used ?? 0) + 1) || key.used === 1),
  revoked_code_own: recode(REVOKED, refusedBy("revoked"), { status: 401, code: "revoked_api_key" }),
  revoked_is_403: recode(REVOKED, refusedBy("revoked"), { status: 403 }),
  revoked_is_missing: recode(REVOKED, refusedBy("revoked"), { code: "missing_api_key" }),
  revoked_is_402: recode(REVOKED, refusedBy("revoked"), { code: "insufficient_pages" }),
  revoked_works_for_baidu: [REVOKED, (s) => {
    s.order = ["mediaType", "size", "json", "field", "decode", "provider", "document", "bearer", "key", "charge"];
    s.isRevoked = (key, call) => key.revoked && !isBaidu(call);
  }],
  revoked_only_for_submissions: works((_, call) => call.method === "GET"),
  revocation_kills_all: wrap(SCOPE, "revoke", function (inner, key) { this.keys.filter((one) => one.account === key.account).forEach(inner); }),
  revocation_kills_older: wrap(SCOPE, "revoke", function (inner, key) { this.keys.filter((one) => one.account === key.account && this.keys.indexOf(one) <= this.keys.indexOf(key)).forEach(inner); }),
  revocation_kills_newer: wrap(SCOPE, "revoke", function (inner, key) { this.keys.filter((one) => one.account === key.account && this.keys.indexOf(one) >= this.keys.indexOf(key)).forEach(inner); }),
  revocation_empties_account: wrap(SCOPE, "revoke", (inner, key) => { inner(key); key.account.pages = 0; }),
  revocation_kills_all_later: wrap(SCOPE, "revoke", function (inner, key) { inner(key); setTimeout(() => this.keys.filter((one) => one.account === key.account).forEach(inner), 100); }),
  connection_remembers: remembered(EVERY, (call) => (call.request.socket.token = call.token), (call) => call.request.socket.token),
  address_remembered: remembered(MISSING, (call) => byAddress.set(call.request.socket.remoteAddress, call.token), (call) => byAddress.get(call.request.socket.remoteAddress)),
  cookie_remembered: [EVERY, (s) => {
    onAnswer(s, accepted, (answer, call) => (answer.headers["Set-Cookie"] = `key=${Buffer.from(call.token).toString("hex")}; Path=/`));
    around(s, "bearer", (inner, call) => {
      const cookie = /key=(\w+)/.exec(call.headers.cookie ?? "");
      if (cookie && call.headers.authorization === undefined) call.token = Buffer.from(cookie[1], "hex").toString();
      else inner(call);
    });
  }],
  key_in_success: shown(accepted, (a, call) => (a.body.apiKey = call.token)),
  key_in_header: shown(accepted, (a, call) => (a.headers["X-Api-Key"] = call.token)),
  key_in_cookie: shown(accepted, (a, call) => (a.headers["Set-Cookie"] = `session=${call.token}`)),
  key_in_402: shown("insufficient_pages", (a, call) => (a.body.message = `${call.token} has no pages`)),
  key_in_400: shown("missing_image_base64", (a, call) => (a.body.message = `${call.token} sent no image`)),
  key_in_400_decoding: shown("invalid_image_base64", (a, call) => (a.body.message = `${call.token} sent no image`)),
  key_in_413: shown("payload_too_large", (a, call) => (a.body.key = call.token)),
  key_in_415: shown("unsupported_media_type", (a, call) => (a.body.key = call.token)),
  key_in_405: shown("method_not_allowed", (a, call) => (a.body.headers = call.headers)),
  key_in_account: wrap(ONCE, "showAccount", function (inner, of) { return { ...inner(of), keys: this.keys.filter((key) => key.account === of).map((key) => key.secret) }; }),
  key_in_task: wrap(ONCE, "showTask", (inner, task, call) => ({ ...inner(task), submittedWith: call.token })),
  key_in_failed_creation: shown("task_creation_failed", (a, call) => (a.body.message = `for ${call.token}`)),
  key_in_preflight: edit(ONCE, (a, call) => call.method === "OPTIONS", (a, call, s) => (a.headers["X-Debug"] = s.keys.at(-1)?.secret)),
  no_challenge: edit("http.challenge", (a) => a.status === 401, (a) => delete a.headers["WWW-Authenticate"]),
  no_challenge_if_missing: edit("http.challenge", refusedBy("absent"), (a) => delete a.headers["WWW-Authenticate"]),
  no_challenge_if_unknown: edit("http.challenge", refusedBy("unknown"), (a) => delete a.headers["WWW-Authenticate"]),
  no_challenge_if_revoked: edit("http.challenge", refusedBy("revoked"), (a) => delete a.headers["WWW-Authenticate"]),
  no_challenge_if_scheme: edit("http.challenge", refusedBy("scheme"), (a) => delete a.headers["WWW-Authenticate"]),
  no_challenge_for_tasks: edit("http.challenge", (a, call) => a.status === 401 && call.method === "GET", (a) => delete a.headers["WWW-Authenticate"]),
  challenge_basic: edit("http.challenge", (a) => a.status === 401, (a) => (a.headers["WWW-Authenticate"] = 'Basic realm="x"')),
  challenge_in_realm_only: edit("http.challenge", (a) => a.status === 401, (a) => (a.headers["WWW-Authenticate"] = 'Basic realm="Bearer, Bearer x"')),
  challenge_misnamed: edit("http.challenge", (a) => a.status === 401, (a) => { delete a.headers["WWW-Authenticate"]; a.headers["WWW-Authentication"] = "Bearer"; }),
  challenge_empty: edit("http.challenge", (a) => a.status === 401, (a) => (a.headers["WWW-Authenticate"] = "")),
  second_key_refused: wrap("auth.key_accepted", "findKey", function (inner, token) { const key = inner(token); return key && this.keys.find((one) => one.account === key.account) !== key && !key.revoked ? undefined : key; }),
  key_works_once: [`auth.key_accepted`, (s) => around(s, "charge", (inner, call) => { inner(call); s.findKey(call.token).revoked = true; })],
  tasks_without_key: [MISSING, (s) => around(s, "readTask", (inner, call, id) => { if (call.headers.authorization !== undefined) return inner(call, id); return { status: 200, body: s.showTask(s.tasks.get(id) ?? refuse("task_not_found"), call) }; })],
  tasks_of_anyone: part("success.task_private", { findTask(call, id) { return this.tasks.get(id); } }),
  account_without_key: [MISSING, (s) => around(s, "readAccount", (inner, call) => (call.headers.authorization === undefined ? { status: 200, body: { pages: 0 } } : inner(call)))],
  lower_case_header_lost: wrap("auth.key_accepted", "bearer", (inner, call) => { if (call.request.rawHeaders.includes("authorization")) refuse("missing_api_key", "absent"); inner(call); }),
};
