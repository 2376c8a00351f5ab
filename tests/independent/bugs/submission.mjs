/** Bugs of the endpoint, the media type, the method, the success answer and JSON. */

import { around, edit, isBaidu, isPdf, part, recode, refuse, skip, sleep, success, wrap } from "./tools.mjs";

const TYPE = "submit.media_type";
const SPELLING = "http.media_type_spelling";
const METHOD = "http.method_not_allowed";
const JSON_RULE = "http.json_answer";
const FLAG = "success.flag";
const ID = "success.task_id";
const UNIQUE = "success.task_id_unique";
const PROVIDER = "success.provider";
const FOUND = "success.task_found";

// What an answer breaks that hides its code.
const BY_401 = "auth.missing_key auth.other_scheme auth.unknown_key auth.revoked_key";
const BY_400 = "body.required_field body.invalid_image";
const BY_OTHERS = "submit.media_type limit.refused billing.insufficient_pages";
const ENDPOINT = "submit.endpoint";
const raw = (call) => call.headers["content-type"] ?? "";
/** The media types that are taken for JSON. */
const takes = (test, rules = TYPE) => skip(rules, "mediaType", (call) => test(raw(call), call));
const spelled = (test) => wrap(SPELLING, "mediaType", (inner, call) => { if (raw(call) && !test(raw(call)) && /json/i.test(raw(call))) refuse("unsupported_media_type", "other"); inner(call); });
const method = (methods, change) => edit(METHOD, (a, call) => a.code === "method_not_allowed" && methods.includes(call.method), change);
const OTHERS = ["GET", "HEAD", "PUT", "PATCH", "DELETE"];
const as = (content, contentType) => (a) => { if (a.body !== undefined) Object.assign(a, { content: Buffer.from(content(a.body)), contentType }); };
const HTML = as((body) => `<html><body>${body.error ?? "ok"}</body></html>`, "text/html");
const json = (when, change) => edit(JSON_RULE, when, change);
const ids = (newTaskId, rules = UNIQUE) => part(rules, { newTaskId });
let counter = 0;
const counted = () => `task_${(counter += 1)}`;

export const submission = {
  always_500: wrap(ENDPOINT, "submit", () => refuse("internal_error")),
  always_ok_empty: wrap(`${FLAG} ${ID} ${PROVIDER}`, "submit", () => ({ status: 200, body: {} })),
  text_plain_accepted: takes((type) => /^text\/plain/.test(type)),
  absent_type_accepted: takes((type) => type === ""),
  any_type_accepted: takes(() => true),
  type_with_json_accepted: takes((type) => /json/.test(type)),
  type_suffix_json_accepted: takes((type) => /\+json/.test(type)),
  type_text_json_accepted: takes((type) => /^text\/json/.test(type)),
  type_by_start: takes((type) => type.startsWith("application/json")),
  type_by_end: takes((type) => type.endsWith("application/json")),
  type_anywhere: takes((type) => type.includes("application/json")),
  type_application_accepted: takes((type) => type.startsWith("application/")),
  octet_stream_accepted: takes((type) => type === "application/octet-stream"),
  form_accepted: takes((type) => type.startsWith("application/x-www-form-urlencoded")),
  multipart_accepted: takes((type) => type.startsWith("multipart/")),
  multipart_crashes: wrap(TYPE, "mediaType", (inner, call) => (raw(call).startsWith("multipart/") ? refuse("internal_error") : inner(call))),
  form_crashes: wrap(TYPE, "mediaType", (inner, call) => (/urlencoded/.test(raw(call)) ? refuse("internal_error") : inner(call))),
  absent_type_crashes: wrap(TYPE, "mediaType", (inner, call) => (raw(call) ? inner(call) : refuse("internal_error"))),
  absent_type_is_400: recode(TYPE, (a) => a.status === 415 && a.why === "absent", { status: 400 }),
  type_is_400: recode(TYPE, "unsupported_media_type", { status: 400 }),
  type_is_406: recode(TYPE, "unsupported_media_type", { status: 406 }),
  type_is_422: recode(TYPE, "unsupported_media_type", { status: 422 }),
  type_misspelt: recode(TYPE, "unsupported_media_type", { status: 415, code: "unsupported_mediatype" }),
  type_other_code: recode(TYPE, "unsupported_media_type", { status: 415, code: "unsupported_content_type" }),
  type_is_invalid_image: recode(TYPE, "unsupported_media_type", { code: "invalid_image_base64" }),
  type_is_missing_image: recode(TYPE, "unsupported_media_type", { code: "missing_image_base64" }),
  type_for_baidu_ignored: [TYPE, (s) => {
    s.order = ["bearer", "key", "size", "json", "field", "decode", "provider", "mediaType", "document", "charge"];
    around(s, "mediaType", (inner, call) => (isBaidu(call) ? undefined : inner(call)));
  }],
  type_parameters_refused: spelled((type) => !type.includes(";")),
  type_charset_only: spelled((type) => /^[^;]*(; ?charset=utf-8)?$/i.test(type)),
  type_charset_lower_case: spelled((type) => !/charset/i.test(type) || /; ?charset=utf-8$/.test(type)),
  type_quoted_charset_refused: spelled((type) => !type.includes('"')),
  type_space_before_semicolon_refused: spelled((type) => !/\s;/.test(type)),
  type_tight_parameters_refused: spelled((type) => !/;\S/.test(type)),
  type_upper_case_refused: spelled((type) => type.split(";")[0] === type.split(";")[0].toLowerCase()),
  type_all_upper_case_refused: spelled((type) => !type.startsWith("APPLICATION/JSON")),
  get_is_404: method(["GET"], (a, call, s) => Object.assign(a, { status: 404, body: s.errorBody("not_found") })),
  get_is_200: method(["GET"], (a) => Object.assign(a, { status: 200, body: { jobs: [] } })),
  put_is_404: method(["PUT"], (a) => (a.status = 404)),
  delete_is_500: method(["DELETE"], (a) => (a.status = 500)),
  delete_is_204: method(["DELETE"], (a) => Object.assign(a, { status: 204, body: undefined })),
  patch_is_501: method(["PATCH"], (a) => (a.status = 501)),
  head_is_200: method(["HEAD"], (a) => (a.status = 200)),
  methods_are_404: method(OTHERS, (a) => (a.status = 404)),
  methods_are_400: method(OTHERS, (a) => (a.status = 400)),
  no_allow: method(OTHERS, (a) => delete a.headers.Allow),
  no_allow_for_put: method(["PUT"], (a) => delete a.headers.Allow),
  allow_get: method(OTHERS, (a) => (a.headers.Allow = "GET")),
  allow_poster: method(OTHERS, (a) => (a.headers.Allow = "POSTER, GET")),
  allow_in_body: method(OTHERS, (a) => { delete a.headers.Allow; a.body.allow = ["POST"]; }),
  put_submits: wrap(METHOD, "otherMethod", function (inner, call) { return call.method === "PUT" ? this.submit(call) : inner(call); }),
  patch_submits: wrap(METHOD, "otherMethod", function (inner, call) { return call.method === "PATCH" ? this.submit(call) : inner(call); }),
  any_method_submits: wrap(METHOD, "otherMethod", function (_, call) { return this.submit(call); }),

  flag_text: success(FLAG, (body) => (body.success = "true")),
  flag_text_for_baidu: success(FLAG, (body) => (body.success = "true"), isBaidu),
  flag_one: success(FLAG, (body) => (body.success = 1)),
  flag_absent: success(FLAG, (body) => delete body.success),
  flag_false: success(FLAG, (body) => (body.success = false)),
  flag_false_for_pdf: success(FLAG, (body) => (body.success = false), isPdf),
  flag_null: success(FLAG, (body) => (body.success = null)),
  flag_ok: success(FLAG, (body) => { delete body.success; body.ok = true; }),
  flag_nested: success(`${FLAG} ${ID} ${PROVIDER}`, (body) => { body.data = { ...body }; delete body.success; delete body.taskId; delete body.provider; }),
  flag_absent_for_baidu: success(FLAG, (body) => delete body.success, isBaidu),
  id_number: success(ID, (body, call) => (body.taskId = call.task.number = (counter += 1))),
  id_absent: success(ID, (body) => delete body.taskId),
  id_absent_for_baidu: success(ID, (body) => delete body.taskId, isBaidu),
  id_null_for_baidu: success(ID, (body) => (body.taskId = null), isBaidu),
  id_empty: success(ID, (body) => (body.taskId = "")),
  id_in_list: success(ID, (body) => (body.taskId = [body.taskId])),
  id_snake_case: success(ID, (body) => { body.task_id = body.taskId; delete body.taskId; }),
  id_lower_case_name: success(ID, (body) => { body.taskid = body.taskId; delete body.taskId; }),
  id_named_id: success(ID, (body) => { body.id = body.taskId; delete body.taskId; }),
  id_absent_for_pdf: success(ID, (body) => delete body.taskId, isPdf),
  id_constant: ids(() => "clconstant"),
  id_of_the_document: ids((call) => `cl${call.base64.length}${call.base64.slice(-20).replace(/\W/g, "")}`),
  id_of_document_and_key: ids((call) => `cl${call.account.id}${call.base64.length}`),
  id_of_the_account: ids((call) => `cl${call.account.id}`),
  id_by_second: ids(() => `cl${Math.floor(Date.now() / 1000)}`),
  id_by_millisecond: ids(() => `cl${Date.now()}`),
  id_by_ten_milliseconds: ids(() => `cl${Math.floor(Date.now() / 10)}`),
  id_of_eight: ids(() => `cl${(counter += 1) % 8}`),
  id_of_hundred_at_random: ids(() => `cl${Math.floor(Math.random() * 100)}`),
  id_by_account_number: ids((call) => `cl${call.account.tasks.length + 1}`),
  id_same_for_pairs: ids(() => `cl${Math.floor((counter += 1) / 2)}`),
  id_of_baidu_constant: ids((call) => (isBaidu(call) ? "clbaidu" : counted())),
  id_of_concurrent: [UNIQUE, (s) => {
    let now = 0;
    around(s, "submit", async (inner, call) => { now += 1; call.slot = now; await sleep(3); try { return await inner(call); } finally { now -= 1; } });
    s.newTaskId = (call) => `cl${call.account.id}-${call.account.tasks.length - (call.slot > 1 ? 1 : 0)}-${call.provider}`;
  }],
  provider_always_paddle: success(PROVIDER, (body) => (body.provider = "paddle")),
  provider_always_baidu: success(PROVIDER, (body) => (body.provider = "baidu")),
  provider_upper_case: success(PROVIDER, (body) => (body.provider = body.provider.toUpperCase())),
  provider_capital: success(PROVIDER, (body) => (body.provider = body.provider.replace(/^./, (c) => c.toUpperCase()))),
  provider_absent: success(PROVIDER, (body) => delete body.provider),
  provider_null: success(PROVIDER, (body) => (body.provider = null)),
  provider_absent_if_unsaid: success(PROVIDER, (body) => delete body.provider, (call) => call.json.provider === undefined),
  provider_default_word: success(PROVIDER, (body) => (body.provider = "default"), (call) => call.json.provider === undefined),
  provider_object: success(PROVIDER, (body) => (body.provider = { name: body.provider })),
  provider_swapped: success(PROVIDER, (body) => (body.provider = body.provider === "paddle" ? "baidu" : "paddle")),
  provider_of_engine: success(PROVIDER, (body) => (body.provider = `${body.provider}-ocr`)),
  provider_absent_for_baidu: success(PROVIDER, (body) => delete body.provider, isBaidu),
  provider_engine_snake: success(PROVIDER, (body) => { body.engine = body.provider; delete body.provider; }),
  task_not_found: wrap(FOUND, "findTask", () => undefined),
  task_of_baidu_not_found: wrap(FOUND, "findTask", (inner, call, id) => { const task = inner(call, id); return task?.provider === "baidu" ? undefined : task; }),
  task_of_pdf_not_found: wrap(FOUND, "findTask", (inner, call, id) => { const task = inner(call, id); return task?.document.type === "application/pdf" ? undefined : task; }),
  task_is_the_last: wrap(FOUND, "findTask", (inner, call) => call.account.tasks[0]),
  task_is_the_first: wrap(FOUND, "findTask", (inner, call) => call.account.tasks.at(-1)),
  task_has_another_id: success(FOUND, (body) => (body.taskId = `${body.taskId}x`)),
  task_found_once: wrap(FOUND, "findTask", (inner, call, id) => { const task = inner(call, id); return task && (task.seen = (task.seen ?? 0) + 1) > 1 ? undefined : task; }),
  task_for_creating_key_only: [FOUND, (s) => {
    around(s, "createTask", (inner, call) => Object.assign(inner(call), { token: call.token }));
    around(s, "findTask", (inner, call, id) => { const task = inner(call, id); return task?.token === call.token ? task : undefined; });
  }],
  any_task_found: wrap(FOUND, "findTask", (inner, call, id) => inner(call, id) ?? { id, provider: "paddle", status: "done", pages: 1, document: {}, result: { text: "", pages: [] } }),

  html_refusals: edit(`${BY_401} ${BY_400} ${BY_OTHERS} ${JSON_RULE}`, (a) => a.code, HTML),
  html_401: edit(`${BY_401} ${JSON_RULE}`, (a) => a.status === 401, HTML),
  html_402: edit(`billing.insufficient_pages ${JSON_RULE}`, (a) => a.status === 402, HTML),
  html_413: edit(`limit.refused ${JSON_RULE}`, (a) => a.status === 413, HTML),
  html_415: edit(`${TYPE} ${JSON_RULE}`, (a) => a.status === 415, HTML),
  html_400: edit(`${BY_400} ${JSON_RULE}`, (a) => a.status === 400, HTML),
  empty_401: edit(`${BY_401} ${JSON_RULE}`, (a) => a.status === 401, (a) => (a.body = undefined)),
  json_as_text: json(() => true, as(JSON.stringify, "text/plain")),
  json_as_html: json(() => true, as(JSON.stringify, "text/html; charset=utf-8")),
  json_without_type: json(() => true, (a) => (a.contentType = null)),
  json_without_type_for_errors: json((a) => a.code, (a) => (a.contentType = null)),
  json_as_octets: json((a) => a.accepted, as(JSON.stringify, "application/octet-stream")),
  json_success_as_text: json((a) => a.accepted, as(JSON.stringify, "text/plain")),
  json_baidu_as_text: json((a, call) => a.accepted && isBaidu(call), as(JSON.stringify, "text/plain")),
  json_utf_16: json((a) => a.body, (a) => Object.assign(a, { content: Buffer.from(JSON.stringify(a.body), "utf16le"), contentType: "application/json; charset=utf-16" })),
  json_latin_1: json((a) => a.code, (a) => (a.content = Buffer.from(JSON.stringify({ ...a.body, message: "Schlüssel fehlt" }), "latin1"))),
  json_latin_1_declared: json((a) => a.code, (a) => Object.assign(a, { content: Buffer.from(JSON.stringify({ ...a.body, message: "Schlüssel fehlt" }), "latin1"), contentType: "application/json; charset=iso-8859-1" })),
  json_bom: json((a) => a.body, (a) => (a.content = Buffer.from(`\ufeff${JSON.stringify(a.body)}`))),
  json_with_rest: json((a) => a.body, (a) => (a.content = Buffer.from(`${JSON.stringify(a.body)};`))),
  json_with_warning_before: json((a) => a.accepted, (a) => (a.content = Buffer.from(`Warning: deprecated\n${JSON.stringify(a.body)}`))),
  json_single_quotes: edit(`${BY_401} ${BY_400} ${BY_OTHERS} ${JSON_RULE}`, (a) => a.code, (a) => (a.content = Buffer.from(JSON.stringify(a.body).replaceAll('"', "'")))),
  json_trailing_comma: json((a) => a.body, (a) => (a.content = Buffer.from(JSON.stringify(a.body).replace(/}$/, ",}")))),
  json_nan: json((a) => a.accepted, (a) => (a.content = Buffer.from(JSON.stringify(a.body).replace(/}$/, ',"confidence":NaN}')))),
  // A JSON text within a string is JSON, but not the object that is documented.
  json_twice: edit(`${BY_401} ${BY_400} ${BY_OTHERS} ${FLAG} ${ID} ${PROVIDER}`, (a) => a.body, (a) => (a.content = Buffer.from(JSON.stringify(JSON.stringify(a.body))))),
  json_callback: json((a) => a.accepted, (a) => (a.content = Buffer.from(`callback(${JSON.stringify(a.body)})`))),
  json_cut: edit(`${BY_401} ${BY_400} ${BY_OTHERS} ${JSON_RULE}`, (a) => a.code, (a) => (a.content = Buffer.from(JSON.stringify(a.body).slice(0, -1)))),
  json_single_quotes_405: json((a) => a.status === 405, (a) => (a.content = Buffer.from(JSON.stringify(a.body).replaceAll('"', "'")))),
  json_type_misspelt: json(() => true, (a) => (a.contentType = "application/jason")),
};
