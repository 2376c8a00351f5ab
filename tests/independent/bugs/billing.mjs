/** Bugs of pages and balances. */

import { around, editing, isBaidu, isPaddle, isPdf, isUri, part, recode, refuse, sleep, wrap } from "./tools.mjs";

const IMAGE = "billing.image_page";
const PDF = "billing.pdf_pages";
const TREE = "billing.page_tree";
const BEFORE = "billing.before_processing";
const LAST = "billing.last_page";
const INSUFFICIENT = "billing.insufficient_pages";
const OVERDRAFT = "billing.no_overdraft";
const FREE = "billing.refused_free";
const REFUND = "billing.refund";

/** What a document costs. */
const price = (rules, cost) => wrap(rules, "price", (inner, call) => cost(call, inner(call)));
const image = (cost) => price(IMAGE, (call, pages) => (isPdf(call) ? pages : cost(call, pages)));
const pdf = (cost, rules = PDF) => price(rules, (call, pages) => (isPdf(call) ? cost(call, pages) : pages));
const text = (call) => call.bytes.toString("latin1");
const matches = (call, pattern) => (text(call).match(pattern) ?? []).length;
const affords = (rules, test) => part(rules, { affords: (account, pages, call) => test(account.pages, pages, call, account) });
/** Takes a page for some refusals. */
const charging = (when, pages = 1, rules = FREE) => [rules, (s) => editing(s, (a) => a.code && when(a), (a, call) => {
  const account = call.account ?? s.keys.find((key) => key.secret === call.token)?.account;
  if (account) account.pages -= pages;
})];
const code = (name, why) => (answer) => answer.code === name && (!why || answer.why === why);
const refund = (give, rules = REFUND) => wrap(rules, "refund", give);
/** The pages are taken as late as `when` says. */
const late = (when, rules = BEFORE) => [rules, (s) => {
  around(s, "deduct", (inner, account, pages, call) => when(s, call, () => inner(account, pages)));
}];
const afterTask = (s, call, take) => around(s, "complete", (inner, task) => { if (task === call.task) take(); return inner(task); });
/** The balance is looked at, and some time later written. */
const racing = (milliseconds, when = () => true) => part(OVERDRAFT, { async charge(call) {
  if (call.account.pages < call.pages) refuse("insufficient_pages");
  if (when(call)) await sleep(milliseconds);
  this.deduct(call.account, call.pages, call);
  if (call.account.failures > 0) {
    call.account.failures -= 1;
    this.refund(call.account, call.pages, call);
    refuse("task_creation_failed");
  }
  call.task = this.createTask(call);
} });

export const billing = {
  image_free: image(() => 0),
  image_two_pages: image((_, pages) => 2 * pages),
  jpeg_free: image((call, pages) => (call.document.type === "image/jpeg" ? 0 : pages)),
  jpeg_two_pages: image((call, pages) => (call.document.type === "image/jpeg" ? 2 : pages)),
  image_by_size: image((call) => Math.ceil(call.bytes.length / 10_000)),
  image_by_pixels: image((call) => Math.max(1, Math.round((call.document.pages[0].width * call.document.pages[0].height) / 100_000))),
  image_in_uri_free: image((call, pages) => (isUri(call) ? 0 : pages)),
  image_in_uri_two_pages: image((call, pages) => (isUri(call) ? 2 : pages)),
  image_nameless_free: image((call, pages) => (call.json.filename ? pages : 0)),
  image_named_free: image((call, pages) => (call.json.filename ? 0 : pages)),
  image_for_baidu_free: image((call, pages) => (isBaidu(call) ? 0 : pages)),
  image_for_baidu_two_pages: image((call, pages) => (isBaidu(call) ? 2 : pages)),
  image_for_paddle_free: image((call, pages) => (isPaddle(call) ? 0 : pages)),
  image_default_free: image((call, pages) => (call.json.provider === undefined ? 0 : pages)),
  image_seen_before_free: [IMAGE, (s) => around(s, "price", (inner, call) => { const seen = (call.account.seen ??= new Set()); if (isPdf(call)) return inner(call); const known = seen.has(call.base64); seen.add(call.base64); return known ? 0 : inner(call); })],
  image_first_free: [IMAGE, (s) => around(s, "deduct", (inner, account, pages, call) => { if (isPdf(call) || account.tasks.length) inner(account, pages); })],
  image_every_second_free: [IMAGE, (s) => around(s, "deduct", (inner, account, pages, call) => { account.n = (account.n ?? 0) + 1; if (isPdf(call) || account.n % 2) inner(account, pages); })],
  image_half_page: image(() => 0.5),
  nothing_deducted: part(IMAGE, { deduct() {} }),
  baidu_free: part(IMAGE, { deduct(account, pages, call) { if (!isBaidu(call)) account.pages -= pages; } }),
  paddle_free: part(IMAGE, { deduct(account, pages, call) { if (!isPaddle(call)) account.pages -= pages; } }),
  pdf_one_page: pdf(() => 1),
  pdf_one_more: pdf((_, pages) => pages + 1),
  pdf_one_less: pdf((_, pages) => Math.max(1, pages - 1)),
  pdf_free: pdf(() => 0),
  pdf_two_a_page: pdf((_, pages) => 2 * pages),
  pdf_two_pages_a_sheet: pdf((_, pages) => Math.ceil(pages / 2)),
  pdf_at_most_two: pdf((_, pages) => Math.min(2, pages)),
  pdf_at_most_ten: pdf((_, pages) => Math.min(10, pages)),
  pdf_at_most_sixteen: pdf((_, pages) => Math.min(16, pages)),
  pdf_by_type_page_anywhere: pdf((call) => Math.max(1, matches(call, /\/Type\s*\/Page/g))),
  pdf_by_uncompressed_pages: pdf((call) => Math.max(1, matches(call, /\/Type\s*\/Page\b(?!s)/g)), TREE),
  pdf_by_tight_type: pdf((call) => Math.max(1, matches(call, /\/Type\/Page\b/g))),
  pdf_by_spaced_type: pdf((call) => Math.max(1, matches(call, /\/Type \/Page\b/g)), TREE),
  pdf_by_first_count: pdf((call, pages) => Number(/\/Count (\d+)/.exec(text(call))?.[1] ?? pages)),
  pdf_by_last_count: pdf((call, pages) => Number([...text(call).matchAll(/\/Count (\d+)/g)].at(-1)?.[1] ?? pages), TREE),
  pdf_by_sum_of_counts: pdf((call, pages) => [...text(call).matchAll(/\/Count (\d+)/g)].reduce((sum, found) => sum + Number(found[1]), 0) || pages),
  pdf_by_first_kids: pdf((call, pages) => /\/Kids\s*\[([^\]]*)\]/.exec(text(call))?.[1].match(/R/g)?.length ?? pages),
  pdf_by_last_kids: pdf((call, pages) => [...text(call).matchAll(/\/Kids\s*\[([^\]]*)\]/g)].at(-1)?.[1].match(/R/g)?.length ?? pages),
  pdf_by_media_boxes: pdf((call, pages) => matches(call, /\/MediaBox/g) || pages, TREE),
  pdf_by_contents: pdf((call, pages) => matches(call, /\/Contents/g) || pages, TREE),
  pdf_by_images: pdf((call, pages) => matches(call, /\/Subtype\s*\/Image/g) || pages),
  pdf_by_size: pdf((call) => Math.ceil(call.bytes.length / 100_000)),
  pdf_by_form_feeds: pdf((call) => Math.max(1, matches(call, /BT\b/g))),
  pdf_in_uri_one_page: pdf((call, pages) => (isUri(call) ? 1 : pages)),
  pdf_nameless_one_page: pdf((call, pages) => (call.json.filename ? pages : 1)),
  pdf_by_its_name_only: pdf((call, pages) => (/\.pdf$/i.test(call.json.filename ?? "") ? pages : 1)),
  pdf_by_lower_case_name: pdf((call, pages) => (/\.PDF$/.test(call.json.filename ?? "") ? 1 : pages)),
  pdf_for_baidu_one_page: pdf((call, pages) => (isBaidu(call) ? 1 : pages)),
  pdf_for_paddle_one_page: pdf((call, pages) => (isPaddle(call) ? 1 : pages)),
  pdf_for_baidu_free: pdf((call, pages) => (isBaidu(call) ? 0 : pages)),
  pdf_default_one_page: pdf((call, pages) => (call.json.provider === undefined ? 1 : pages)),
  pdf_incremental_by_old_tree: pdf((call, pages) => (matches(call, /%%EOF/g) > 1 ? 1 : pages), TREE),

  deducted_when_done: late(afterTask),
  deducted_when_started: late((s, call, take) => around(s, "start", (inner, task) => { if (task === call.task && !task.account.paused) take(); return inner(task); })),
  deducted_by_page_as_done: [BEFORE, (s) => around(s, "deduct", (inner, account, pages, call) => { inner(account, Math.min(1, pages)); if (pages > 1) afterTask(s, call, () => inner(account, pages - 1)); })],
  paddle_deducted_when_done: late((s, call, take) => (isPaddle(call) ? afterTask(s, call, take) : take())),
  pdf_deducted_when_done: late((s, call, take) => (isPdf(call) ? afterTask(s, call, take) : take())),

  last_page_kept: affords(LAST, (left, pages) => left > pages),
  last_page_kept_for_baidu: affords(LAST, (left, pages, call) => (isBaidu(call) ? left > pages : left >= pages)),
  last_page_kept_for_paddle: affords(LAST, (left, pages, call) => (isPaddle(call) ? left > pages : left >= pages)),
  last_page_kept_for_pdf: affords(LAST, (left, pages, call) => (isPdf(call) ? left > pages : left >= pages)),
  last_page_kept_for_images: affords(LAST, (left, pages, call) => (isPdf(call) ? left >= pages : left > pages)),
  last_two_pages_kept: affords(LAST, (left, pages) => left > pages + 1),
  last_page_kept_for_uris: affords(LAST, (left, pages, call) => (isUri(call) ? left > pages : left >= pages)),
  last_page_is_500: [LAST, (s) => around(s, "charge", (inner, call) => (call.account.pages === call.pages ? refuse("internal_error") : inner(call)))],
  overdrawn: affords(INSUFFICIENT, () => true),
  overdrawn_by_one: affords(INSUFFICIENT, (left) => left >= 0),
  overdrawn_by_baidu: affords(INSUFFICIENT, (left, pages, call) => isBaidu(call) || left >= pages),
  overdrawn_by_paddle: affords(INSUFFICIENT, (left, pages, call) => isPaddle(call) || left >= pages),
  overdrawn_by_pdf: affords(INSUFFICIENT, (left, pages, call) => isPdf(call) || left >= pages),
  overdrawn_by_uris: affords(INSUFFICIENT, (left, pages, call) => isUri(call) || left >= pages),
  overdrawn_by_jpeg: affords(INSUFFICIENT, (left, pages, call) => call.document.type === "image/jpeg" || left >= pages),
  overdrawn_nameless: affords(INSUFFICIENT, (left, pages, call) => !call.json.filename || left >= pages),
  overdrawn_in_default: affords(INSUFFICIENT, (left, pages, call) => call.json.provider === undefined || left >= pages),
  overdrawn_once: affords(INSUFFICIENT, (left, pages, call, account) => left >= pages || !account.warned && (account.warned = true)),
  overdrawn_if_never_charged: affords(INSUFFICIENT, (left, pages, call, account) => left >= pages || account.tasks.length === 0),
  overdrawn_if_ever_charged: affords(INSUFFICIENT, (left, pages, call, account) => left >= pages || account.tasks.length > 0),
  overdrawn_floored: [INSUFFICIENT, (s) => { s.affords = () => true; s.deduct = (account, pages) => (account.pages = Math.max(0, account.pages - pages)); }],
  insufficient_is_403: recode(INSUFFICIENT, "insufficient_pages", { status: 403 }),
  insufficient_is_429: recode(INSUFFICIENT, "insufficient_pages", { status: 429 }),
  insufficient_is_400: recode(INSUFFICIENT, "insufficient_pages", { status: 400 }),
  insufficient_crashes: recode(INSUFFICIENT, "insufficient_pages", { status: 500, code: "internal_error" }),
  insufficient_is_200: recode(INSUFFICIENT, "insufficient_pages", { status: 200 }),
  insufficient_balance_code: recode(INSUFFICIENT, "insufficient_pages", { status: 402, code: "insufficient_balance" }),
  insufficient_credits_code: recode(INSUFFICIENT, "insufficient_pages", { status: 402, code: "insufficient_credits" }),
  insufficient_singular: recode(INSUFFICIENT, "insufficient_pages", { status: 402, code: "insufficient_page" }),
  insufficient_is_invalid_key: recode(INSUFFICIENT, "insufficient_pages", { code: "invalid_api_key" }),
  insufficient_for_pdf_is_400: [INSUFFICIENT, (s) => editing(s, "insufficient_pages", (a, call) => { if (isPdf(call)) a.status = 400; })],
  insufficient_for_baidu_is_500: [INSUFFICIENT, (s) => editing(s, "insufficient_pages", (a, call) => { if (isBaidu(call)) a.status = 500; })],
  race_of_a_millisecond: racing(1),
  race_of_ten_milliseconds: racing(10),
  race_of_a_hundred_milliseconds: racing(100),
  race_for_baidu: racing(10, isBaidu),
  race_for_paddle: racing(10, isPaddle),
  race_for_pdf: racing(10, isPdf),
  race_of_one_in_three: racing(10, () => Math.random() < 0.33),
  race_lost_update: [OVERDRAFT, (s) => {
    s.charge = async function (call) {
      const left = call.account.pages;
      if (left < call.pages) refuse("insufficient_pages");
      if (call.account.failures > 0) { call.account.failures -= 1; refuse("task_creation_failed"); }
      await sleep(5);
      call.account.pages = left - call.pages;
      call.task = this.createTask(call);
    };
  }],
  race_between_two_keys: [OVERDRAFT, (s) => {
    const busy = new Map();
    s.charge = async function (call) {
      const before = busy.get(call.token) ?? Promise.resolve();
      const mine = before.then(async () => { if (call.account.pages < call.pages) refuse("insufficient_pages"); await sleep(5); this.deduct(call.account, call.pages, call); if (call.account.failures > 0) { call.account.failures -= 1; this.refund(call.account, call.pages, call); refuse("task_creation_failed"); } call.task = this.createTask(call); });
      busy.set(call.token, mine.catch(() => {}));
      await mine;
    };
  }],
  race_answers_500: ["http.client_error", (s) => { let at = 0; around(s, "charge", async (inner, call) => { at += 1; await sleep(3); try { if (at > 1 && call.account.pages < 4) refuse("internal_error"); await inner(call); } finally { at -= 1; } }); }],

  every_refusal_charged: charging(() => true),
  missing_image_charged: charging(code("missing_image_base64")),
  invalid_image_charged: charging(code("invalid_image_base64")),
  unreadable_base64_charged: charging(code("invalid_image_base64", "base64")),
  unknown_bytes_charged: charging(code("invalid_image_base64", "type")),
  too_large_charged: charging(code("payload_too_large")),
  media_type_charged: charging(code("unsupported_media_type")),
  absent_media_type_charged: charging(code("unsupported_media_type", "absent")),
  method_charged: [FREE, (s) => editing(s, "method_not_allowed", (a, call) => { const key = s.keys.find((one) => call.headers.authorization?.endsWith(one.secret)); if (key) key.account.pages -= 1; })],
  revoked_charged: charging(code("invalid_api_key", "revoked")),
  insufficient_charged: charging(code("insufficient_pages")),
  insufficient_takes_all: [FREE, (s) => editing(s, "insufficient_pages", (a, call) => { call.account.pages = Math.min(0, call.account.pages); })],
  unknown_provider_charged: charging(code("unknown_provider")),
  broken_pdf_charged: charging(code("invalid_image_base64", "broken")),
  malformed_json_charged: charging(code("invalid_image_base64", "json")),
  missing_image_charged_later: [FREE, (s) => editing(s, "missing_image_base64", (a, call) => void setTimeout(() => (call.account.pages -= 1), 150))],

  refund_absent: refund(() => {}),
  refund_twice: refund((inner, account, pages) => inner(account, 2 * pages)),
  refund_one_page: refund((inner, account) => inner(account, 1)),
  refund_one_less: refund((inner, account, pages) => inner(account, pages - 1)),
  refund_one_more: refund((inner, account, pages) => inner(account, pages + 1)),
  refund_for_paddle_only: refund((inner, account, pages, call) => isPaddle(call) && inner(account, pages)),
  refund_for_baidu_only: refund((inner, account, pages, call) => isBaidu(call) && inner(account, pages)),
  refund_for_images_only: refund((inner, account, pages, call) => !isPdf(call) && inner(account, pages)),
  refund_for_pdf_only: refund((inner, account, pages, call) => isPdf(call) && inner(account, pages)),
  refund_at_most_two: refund((inner, account, pages) => inner(account, Math.min(2, pages))),
  refund_once: refund((inner, account, pages) => { if (!account.refunded) inner(account, pages); account.refunded = true; }),
  refund_twice_later: refund((inner, account, pages) => { inner(account, pages); setTimeout(() => inner(account, pages), 300); }),
  refund_elsewhere: refund(function (inner, account, pages) { inner([...this.accounts.values()].find((one) => one !== account) ?? account, pages); }),
  refund_after_minutes: refund((inner, account, pages) => void setTimeout(() => inner(account, pages), 120_000)),
  refund_at_next_submission: [REFUND, (s) => {
    around(s, "refund", (inner, account, pages) => (account.owed = (account.owed ?? 0) + pages));
    around(s, "charge", (inner, call) => { call.account.pages += call.account.owed ?? 0; call.account.owed = 0; inner(call); });
  }],
  refund_only_of_last_page: refund((inner, account, pages) => account.pages === 0 && inner(account, pages)),
  refund_not_of_last_page: refund((inner, account, pages) => account.pages > 0 && inner(account, pages)),
  refund_then_taken_again: refund((inner, account, pages) => { inner(account, pages); setTimeout(() => inner(account, -pages), 500); }),
  failure_costs_but_answers_success: [REFUND, (s) => around(s, "charge", (inner, call) => {
    if (!call.account.failures) return inner(call);
    call.account.failures -= 1;
    s.deduct(call.account, call.pages, call);
    call.task = { ...s.createTask(call), status: "failed", document: { pages: [] } };
  })],
};
