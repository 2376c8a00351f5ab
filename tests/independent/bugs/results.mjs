/** Bugs of the queue and of results. */

import { around, isBaidu, isPaddle, wrap } from "./tools.mjs";

const QUEUED = "providers.queued";
const DONE = "providers.reaches_done";
const SYNC = "providers.synchronous";
const WORDS = "providers.word_positions";

const status = (rules, tell) => wrap(rules, "showTask", (inner, task, ...rest) => tell(inner(task, ...rest), task));
const paddle = (change) => wrap(DONE, "complete", (inner, task) => (task.provider === "paddle" ? change(task, () => inner(task)) : inner(task)));
/** What is told of a task of baidu. */
const baidu = (change, rules = SYNC) => status(rules, (shown, task) => (task.provider === "baidu" ? change(shown, task) : shown));
const age = (task) => Date.now() - Date.parse(task.createdAt);
const ofPdf = (task) => task.document.type === "application/pdf";

/** The words of a page changed: change(words, size, page). */
const words = (change) => wrap(WORDS, "shownWords", (inner, ...given) => change(inner(...given), ...given.slice(1)));
const boxes = (change) => words((all, size) => all.map((word, index) => ({ ...word, box: change(word.box, size, index) })));

export const results = {
  paddle_is_synchronous: [QUEUED, (s) => around(s, "handOver", (inner, task, call) => (isPaddle(call) ? s.process(task) : inner(task, call)))],
  pause_ignored_for_pdf: [QUEUED, (s) => around(s, "handOver", (inner, task, call) => (isPaddle(call) && ofPdf(task) ? s.process(task) : inner(task, call)))],
  paddle_named_is_synchronous: [QUEUED, (s) => around(s, "handOver", (inner, task, call) => (call.json.provider === "paddle" ? s.process(task) : inner(task, call)))],
  paddle_default_is_synchronous: ["body.default_provider", (s) => around(s, "handOver", (inner, task, call) => (call.json.provider === undefined ? s.process(task) : inner(task, call)))],
  paddle_told_done_at_once: status(QUEUED, (shown) => ({ ...shown, status: "done" })),

  never_done: paddle(() => {}),
  never_done_pdf: paddle((task, finish) => !ofPdf(task) && finish()),
  never_done_second: paddle((task, finish) => task.account.tasks.length < 2 && finish()),
  never_done_while_others_run: [DONE, (s) => { let busy = 0; around(s, "process", async (inner, task) => { if (task.provider === "paddle" && busy) return; busy += 1; await inner(task); busy -= 1; }); }],
  never_started: [DONE, (s) => around(s, "start", (inner, task) => (task.provider === "paddle" ? undefined : inner(task)))],
  never_done_after_pause: [DONE, (s) => (s.pause = (account, paused) => (account.paused = paused))],
  done_is_completed: status(DONE, (shown) => ({ ...shown, status: shown.status === "done" ? "completed" : shown.status })),
  done_upper_case: status(DONE, (shown) => ({ ...shown, status: shown.status.toUpperCase() })),
  done_capital: status(DONE, (shown) => ({ ...shown, status: shown.status.replace(/^./, (c) => c.toUpperCase()) })),
  done_true: status(DONE, (shown) => ({ ...shown, status: shown.status === "done" ? true : shown.status })),
  done_is_success: status(DONE, (shown) => ({ ...shown, status: shown.status === "done" ? "success" : shown.status })),
  paddle_fails: paddle((task) => Object.assign(task, { status: "failed", error: "no engine" })),
  paddle_fails_for_pdf: paddle((task, finish) => (ofPdf(task) ? Object.assign(task, { status: "failed" }) : finish())),
  done_after_a_minute: paddle((task, finish) => void setTimeout(finish, 60_000)),
  gone_when_done: wrap(DONE, "findTask", (inner, call, id) => { const task = inner(call, id); return task?.provider === "paddle" && task.status === "done" ? undefined : task; }),
  done_then_queued_again: status(DONE, (shown, task) => (task.provider === "paddle" ? { ...shown, status: (task.polls = (task.polls ?? 0) + 1) % 2 ? "queued" : "processing" } : shown)),

  baidu_answers_before_stored: [SYNC, (s) => around(s, "handOver", (inner, task, call) => (isBaidu(call) ? void setTimeout(() => inner(task, call), 100) : inner(task, call)))],
  baidu_answers_just_before_stored: [SYNC, (s) => around(s, "handOver", (inner, task, call) => (isBaidu(call) ? void setTimeout(() => inner(task, call), 2) : inner(task, call)))],
  baidu_stored_a_moment_later: [SYNC, (s) => around(s, "complete", (inner, task) => (task.provider === "baidu" ? void setTimeout(() => inner(task), 40) : inner(task)))],
  baidu_result_never_stored: baidu((shown) => ({ ...shown, result: null })),
  baidu_result_absent: baidu(({ result, ...shown }) => shown),
  baidu_result_empty: baidu((shown) => ({ ...shown, result: {} })),
  baidu_result_stored_a_second_later: baidu((shown, task) => (age(task) > 1000 ? shown : { ...shown, result: null })),
  baidu_queued: [SYNC, (s) => around(s, "handOver", (inner, task) => s.enqueue(task))],
  baidu_waits_for_queue: [SYNC, (s) => around(s, "handOver", (inner, task, call) => (isBaidu(call) && task.account.paused ? s.enqueue(task) : inner(task, call)))],
  baidu_pdf_queued: [SYNC, (s) => around(s, "handOver", (inner, task, call) => (isBaidu(call) && ofPdf(task) ? s.enqueue(task) : inner(task, call)))],
  baidu_never_done: baidu((shown) => ({ ...shown, status: "processing" })),
  baidu_fails: [SYNC, (s) => around(s, "complete", (inner, task) => (task.provider === "baidu" ? Object.assign(task, { status: "failed" }) : inner(task)))],
  baidu_pdf_without_result: baidu((shown, task) => (ofPdf(task) ? { ...shown, result: null } : shown)),
  baidu_told_done_too_early: [SYNC, (s) => { around(s, "complete", (inner, task) => (task.provider === "baidu" ? void (task.status = "done", setTimeout(() => inner(task), 300)) : inner(task))); }],
  baidu_result_of_another: [SYNC, (s) => { let last = null; around(s, "complete", (inner, task) => { inner(task); if (task.provider === "baidu") [task.result, last] = [last, task.result]; }); }],

  words_absent: words(() => undefined),
  words_empty: words(() => []),
  words_without_boxes: words((all) => all.map(({ box, ...word }) => word)),
  words_as_texts: words((all) => all.map((word) => word.text)),
  boxes_null: boxes(() => null),
  boxes_empty: boxes(() => ({})),
  boxes_zero: boxes(() => ({ left: 0, top: 0, width: 0, height: 0 })),
  boxes_without_size: boxes(({ left, top }) => ({ left, top })),
  boxes_of_no_width: boxes((box) => ({ ...box, width: 0 })),
  boxes_normalised: boxes(({ left, top, width, height }, size) => ({ left: left / size.width, top: top / size.height, width: width / size.width, height: height / size.height })),
  boxes_in_percent: boxes(({ left, top, width, height }, size) => ({ left: 100 * left / size.width, top: 100 * top / size.height, width: 100 * width / size.width, height: 100 * height / size.height })),
  boxes_outside: boxes((box, size) => ({ ...box, left: box.left + size.width })),
  boxes_below: boxes((box, size) => ({ ...box, top: box.top + size.height })),
  boxes_negative: boxes((box) => ({ ...box, left: -box.left - box.width })),
  boxes_negative_size: boxes((box) => ({ left: box.left + box.width, top: box.top + box.height, width: -box.width, height: -box.height })),
  boxes_of_the_page: boxes((_, size) => ({ left: 0, top: 0, ...size })),
  boxes_all_the_same: boxes(() => ({ left: 10, top: 10, width: 50, height: 20 })),
  boxes_as_texts: boxes(({ left, top, width, height }) => ({ left: `${left}`, top: `${top}`, width: `${width}`, height: `${height}` })),
  boxes_twice_the_scale: boxes(({ left, top, width, height }) => ({ left: 2 * left, top: 4 * top, width: 2 * width, height: 2 * height })),
  boxes_as_corners: boxes(({ left, top, width, height }) => ({ left, top, width: left + width, height: top + height })),
  boxes_swapped: boxes(({ left, top, width, height }) => ({ left: top, top: left, width: height, height: width })),
  box_of_last_word_null: words((all) => all.map((word, index) => (index === all.length - 1 ? { ...word, box: null } : word))),
  box_of_first_word_outside: words((all) => all.map((word, index) => (index ? word : { ...word, box: { ...word.box, left: -500 } }))),
  words_by_line: words((all) => [0, 3, 6].filter((at) => all[at]).map((at) => ({ text: all.slice(at, at + 3).map((word) => word.text).join(" "), box: all[at].box }))),
  words_by_character: words((all) => all.flatMap((word) => [...word.text].map((text) => ({ ...word, text })))),
  words_last_absent: words((all) => all.slice(0, -1)),
  words_first_absent: words((all) => all.slice(1)),
  words_half: words((all) => all.filter((_, index) => index % 2)),
  words_of_first_page_only: words((all, size, page) => (page === 1 ? all : [])),
  words_of_last_line_absent: words((all) => all.slice(0, 6)),
  words_without_text: words((all) => all.map(({ text, ...word }) => word)),
  words_with_empty_text: words((all) => all.map((word) => ({ ...word, text: "" }))),
  words_of_another_text: words((all) => all.map((word) => ({ ...word, text: "lorem" }))),
  words_for_pdf_absent: [WORDS, (s) => around(s, "readPage", (inner, task, ...rest) => { const page = inner(task, ...rest); return ofPdf(task) ? { ...page, words: [] } : page; })],
  words_for_images_absent: [WORDS, (s) => around(s, "readPage", (inner, task, ...rest) => { const page = inner(task, ...rest); return ofPdf(task) ? page : { ...page, words: [] }; })],
  words_reversed_text: words((all) => all.map((word) => ({ ...word, text: [...word.text].reverse().join("") }))),
  pages_of_result_first_only: wrap(WORDS, "result", (inner, task) => { const result = inner(task); return { ...result, pages: result.pages.slice(0, 1) }; }),
  polygons_of_three_points: words((all) => all.map(({ text, box }) => ({ text, polygon: [[box.left, box.top], [box.left + 5, box.top], [box.left, box.top + 5]] }))),
  polygons_flat: words((all) => all.map(({ text, box }) => ({ text, polygon: [[box.left, box.top], [box.left, box.top], [box.left, box.top], [box.left, box.top]] }))),
};
