/** Deployments that offer less, or the same in another place or at another time. */

import { randomBytes, randomInt } from "node:crypto";
import { around, onAnswer } from "../parts.mjs";
import { refuse } from "../submission.mjs";
import { sleep } from "../tasks.mjs";

const v = (change, more = {}) => ({ change, ...more });
const profile = (values, more = {}) => v((s) => Object.assign(s.profile, values), more);
const groups = (...hookGroups) => v((s) => (s.hookGroups = hookGroups));
const keys = (newKey) => v((s) => (s.newKey = newKey));
const granted = (headers, status = 204) => v((s) => (s.preflight = (call) => ({ status, headers: s.allows(call.origin) ? headers : {} })));
const METHODS = "Access-Control-Allow-Methods";
const HEADERS = "Access-Control-Allow-Headers";

/** Words of a page as entries of another form: make(word, size). */
const pagesOf = (make) => v((s) => (s.shownWords = (words) => words.map(make)));
const corners = ({ left, top, width, height }) =>
  [[left, top], [left + width, top], [left + width, top + height], [left, top + height]];
const wordsResult = (s, result) => result.pages.flatMap((page) => page.words.map(({ text, box }) => ({ words: text, location: box })));

const elsewhere = (s) => {
  s.taskPath = /^\/v2\/jobs\/(.+)\/state$/;
  s.balancePath = "/v2/me";
  s.showTask = ({ id, status, result }) => ({ data: [{ job: id, "a/b": { state: status }, output: result }] });
  s.showAccount = (account) => ({ quota: { left: s.balance(account) } });
  s.profile.account_api = {
    task: "/v2/jobs/{taskId}/state", task_status: "/data/0/a~1b/state", task_result: "/data/0/output",
    balance: "/v2/me", balance_pages: "/quota/left",
  };
};

const withoutTasks = (s) => {
  s.readTask = () => refuse("not_found");
  s.readAccount = () => refuse("not_found");
  s.listTasks = () => refuse("not_found");
};

/** Balances are told as they were some milliseconds ago. */
const lagging = (milliseconds) =>
  v((s) => {
    s.balance = (account) => account.shown;
    const later = (part) => around(s, part, (inner, account, ...given) => {
      inner(account, ...given);
      const { pages } = account;
      setTimeout(() => (account.shown = pages), milliseconds);
    });
    later("deduct");
    later("refund");
    around(s, "openAccount", (inner, pages) => Object.assign(inner(pages), { shown: pages }));
  });

const refunding = (milliseconds) =>
  v((s) => around(s, "refund", (inner, account, pages, call) => setTimeout(() => inner(account, pages, call), milliseconds)));

const failing = (status, body) =>
  v((s) => onAnswer(s, (a) => a.code === "task_creation_failed", (a) => Object.assign(a, { status, body: body ?? a.body })));

const bySeconds = (milliseconds) =>
  v((s) => Object.assign(s, { milliseconds, profile: { ...s.profile, wait: { task_seconds: 15 } } }));

export const deployments = {
  no_hooks: groups(),
  no_hooks_nor_account_api: v((s) => {
    s.hookGroups = [];
    withoutTasks(s);
    s.profile.account_api = null;
  }),
  hooks_accounts_only: groups("accounts"),
  hooks_without_queue: groups("accounts", "keys", "task-failures"),
  hooks_without_keys: groups("accounts", "task-failures", "queue"),
  hooks_without_failures: groups("accounts", "keys", "queue"),
  hooks_with_more_groups: groups("accounts", "keys", "task-failures", "queue", "clock"),
  hooks_with_token: v((s) => (s.hooksToken = "hooks-secret-1")),
  hooks_elsewhere: v((s) => (s.hooksPath = "/internal/test hooks/v1".replace(" ", "%20"))),
  under_a_path: v((s) => (s.base = "/eu/v1")),
  no_task_api: v((s) => {
    withoutTasks(s);
    s.profile.account_api = null;
  }, { readings: { task_api: "none" } }),
  no_task_api_unsaid: v((s) => {
    withoutTasks(s);
    s.profile.account_api = undefined;
  }),
  account_api_unsaid: profile({ account_api: undefined }),
  tasks_without_balance: v((s) => {
    s.readAccount = () => refuse("not_found");
    s.profile.account_api = { task: "/api/tasks/{taskId}" };
  }),
  balance_without_tasks: v((s) => {
    s.readTask = () => refuse("not_found");
    s.profile.account_api = { balance: "/api/account" };
  }),
  task_api_elsewhere: v(elsewhere, { readings: { task_api: "profile" } }),
  task_api_elsewhere_no_hooks: v((s) => {
    s.hookGroups = [];
    elsewhere(s);
  }),
  task_by_status_only: v((s) => {
    s.showTask = ({ status }) => ({ status });
    s.profile.account_api = { task: "/api/tasks/{taskId}", task_result: null, balance: "/api/account" };
  }),
  result_absent_until_done: v((s) => around(s, "showTask", (inner, task) => {
    const { result, error, ...rest } = inner(task);
    return result ? { ...rest, result } : rest;
  })),
  no_origin_allowed: profile({ cors: { allowed_origin: null } }),
  words_result: v((s) => around(s, "result", (inner, task) => {
    const result = inner(task);
    return task.provider === "baidu" ? { words_result: wordsResult(s, result), words_result_num: 9 } : result;
  })),
  words_result_and_text: v((s) => around(s, "result", (inner, task) => {
    const result = inner(task);
    return { text: result.text, baidu: { words_result: wordsResult(s, result) } };
  })),
  polygons_of_pairs: pagesOf(({ text, box }) => ({ text, polygon: corners(box) })),
  polygons_of_points: pagesOf(({ text, box }) => ({ text, confidence: 1, box: corners(box).map(([x, y]) => ({ x, y })) })),
  fractional_boxes: pagesOf(({ text, box }) => ({ text, box: { ...box, left: box.left + 0.25, width: box.width - 0.5 } })),
  tilted_polygons: pagesOf(({ text, box }) => ({ text, polygon: corners(box).map(([x, y], i) => [x + i, y + (i % 2)]) })),
  words_out_of_order: v((s) => around(s, "shownWords", (inner, words) => inner(words).reverse())),
  paddle_tells_positions: v((s) => around(s, "readPage", (inner, task, ...given) => inner({ ...task, provider: "baidu" }, ...given))),
  reads_nothing: v((s) => (s.lines = () => [])),
  reads_one_word: v((s) => (s.lines = () => [["word"]])),
  reads_repeated_words: v((s) => (s.lines = () => [["to", "be", "or"], ["not", "to", "be"]])),
  reads_other_scripts: v((s) => (s.lines = () => [["你好", "世界"], ["Straße", "ﬁn", "e\u0301t\u00e9"]])),
  reads_punctuation: v((s) => (s.lines = () => [["Total:", "27.15", "—"], ["(net)", "“tax”", "&c."]])),
  text_with_other_spaces: v((s) => around(s, "result", (inner, task) => {
    const result = inner(task);
    return { ...result, text: `${result.text.replace(/ /g, "\t").replace(/\n/g, "\r\n\r\n")}\f` };
  })),
  seconds_for_paddle: bySeconds({ paddle: 2500, baidu: 5 }),
  seconds_for_both: bySeconds({ paddle: 2000, baidu: 1500 }),
  instant_paddle: bySeconds({ paddle: 0, baidu: 0 }),
  late_balance: lagging(300),
  refund_after_200_ms: refunding(200),
  refund_after_2_s: refunding(2000),
  refund_before_answer: v((s) => onAnswer(s, (a) => a.code === "task_creation_failed", () => sleep(300))),
  late_task: v((s) => around(s, "findTask", (inner, call, id) => {
    const task = inner(call, id);
    return task?.provider === "paddle" && Date.now() - Date.parse(task.createdAt) < 200 ? undefined : task;
  })),
  creation_fails_503: failing(503),
  creation_fails_502_html: v((s) => onAnswer(s, (a) => a.code === "task_creation_failed", (a) => Object.assign(a, { status: 502 }))),
  creation_fails_409: failing(409),
  creation_fails_200: failing(200, { success: false, error: "task_creation_failed" }),
  failed_tasks_stay: v((s) => around(s, "charge", (inner, call) => {
    const broken = call.account.failures > 0;
    try {
      inner(call);
    } finally {
      if (broken) s.createTask(call).status = "failed";
    }
  })),
  keys_of_digits: keys(() => Array.from({ length: 32 }, () => randomInt(10)).join("")),
  keys_upper_case: keys(() => randomBytes(16).toString("hex").toUpperCase()),
  keys_short: keys(() => randomBytes(4).toString("hex")),
  keys_long: keys(() => randomBytes(600).toString("hex")),
  keys_with_dots: keys(() => `${randomBytes(9).toString("base64url")}.${randomBytes(60).toString("base64url")}.~+/==`),
  keys_with_common_start: keys(() => `startocr_live_0000000000000000000000000000000000${randomBytes(6).toString("hex")}`),
  keys_with_common_end: keys(() => `${randomBytes(6).toString("hex")}_0000000000000000000000000000000000`),
  odd_ids_of_accounts: v((s) => (s.newId = (prefix) => `${prefix}/${randomBytes(4).toString("hex")} é?#`)),
  keys_masked: v((s) => onAnswer(s, (a) => a.accepted, (a, call) => (a.body.key = `…${call.token.slice(-4)}`))),
  foreign_refused_everywhere: v((s) => (s.foreign = () => ({ status: 403, body: { error: "forbidden_origin" } }))),
  foreign_refused_as_text: v((s) => (s.foreign = () => ({ status: 403, body: {}, content: Buffer.from("Forbidden"), contentType: "text/plain" }))),
  foreign_without_vary: v((s) => around(s, "corsHeaders", (inner, call) => (s.allows(call.origin) ? inner(call) : {}))),
  subdomains_allowed: v((s) => around(s, "allows", (inner, origin) => inner(origin) || origin.endsWith(".app.example.com"))),
  parent_allowed: v((s) => s.allowedOrigins.push("https://example.com")),
  localhost_allowed: v((s) => around(s, "allows", (inner, origin) => inner(origin) || /^https?:\/\/localhost(:\d+)?$/.test(origin))),
  cors_static: v((s) => (s.corsHeaders = () => ({ "Access-Control-Allow-Origin": s.allowedOrigins[0] }))),
  cors_null_for_foreign: v((s) => around(s, "corsHeaders", (inner, call) =>
    (call.origin && call.origin !== "null" && !s.allows(call.origin) ? { "Access-Control-Allow-Origin": "null" } : inner(call)))),
  cors_with_credentials: v((s) => around(s, "corsHeaders", (inner, call) =>
    ({ ...inner(call), "Access-Control-Allow-Credentials": "true", "Access-Control-Expose-Headers": "X-Request-Id" }))),
  preflight_200: granted({ [METHODS]: "POST", [HEADERS]: "authorization,content-type" }, 200),
  preflight_lower_case: granted({ [METHODS.toLowerCase()]: "GET,POST", [HEADERS.toLowerCase()]: "AUTHORIZATION,x-a , content-TYPE" }),
  preflight_any_method: granted({ [METHODS]: "*", [HEADERS]: "*, Authorization" }),
  preflight_two_lines: granted({ [METHODS]: ["GET", "POST"], [HEADERS]: ["Authorization", "Content-Type"] }),
  preflight_without_methods: granted({ [HEADERS]: "Authorization, Content-Type" }),
  preflight_echo: v((s) => (s.preflight = (call) => ({
    status: 204,
    headers: { [METHODS]: call.headers["access-control-request-method"], [HEADERS]: call.headers["access-control-request-headers"] ?? "" },
  }))),
  preflight_as_browsers_send: v((s) => around(s, "preflight", (inner, call) =>
    (/^[a-z-]+(,[a-z-]+)*$/.test(call.headers["access-control-request-headers"] ?? "") ? inner(call) : { status: 204 }))),
  preflight_foreign_403: v((s) => around(s, "preflight", (inner, call) => (s.allows(call.origin) ? inner(call) : { status: 403 }))),
  types_by_name: v((s) => around(s, "inspect", (inner, bytes, call) => {
    const found = inner(bytes);
    const name = call.json.filename;
    return name && /pdf$/.test(found?.type) !== /\.pdf$/i.test(name) ? null : found;
  })),
  types_by_uri: v((s) => around(s, "inspect", (inner, bytes, call) => {
    const found = inner(bytes);
    return call.uriType && found?.type !== call.uriType.split(";")[0] ? null : found;
  })),
  no_specks: v((s) => around(s, "inspect", (inner, bytes) => {
    const found = inner(bytes);
    return found?.pages.some((page) => page.width < 15 || page.height < 15) ? null : found;
  })),
  uri_case_counts: v((s) => around(s, "decode", (inner, call) => {
    if (/^data:/i.test(call.json.imageBase64) && !/^data:[^,]*;base64,/.test(call.json.imageBase64)) refuse("invalid_image_base64");
    inner(call);
  })),
};
