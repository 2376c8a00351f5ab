/** Tasks: the queue of `paddle`, the instant work of `baidu`, and a text made up in place of a recognised one. */

import { createHash, randomBytes } from "node:crypto";

const SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "vel", "wor", "xen", "yar", "zim"];

export const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

export const tasks = {
  tasks: new Map(),
  milliseconds: { paddle: 20, baidu: 5 },
  states: { queued: "queued", processing: "processing", done: "done", failed: "failed" },
  newTaskId: () => `cl${randomBytes(12).toString("hex")}`,

  createTask(call) {
    const task = {
      id: this.newTaskId(call),
      account: call.account,
      provider: call.provider,
      status: this.states.queued,
      pages: call.pages,
      filename: call.json.filename ?? null,
      createdAt: new Date().toISOString(),
      document: call.document,
      digest: createHash("sha256").update(call.bytes).digest(),
      result: null,
      error: null,
    };
    this.tasks.set(task.id, task);
    call.account.tasks.unshift(task);
    return task;
  },

  async handOver(task, call) {
    if (this.providers[task.provider] === "synchronous") await this.process(task, call);
    else this.enqueue(task);
  },

  enqueue(task) {
    if (task.account.paused) task.account.waiting.push(task);
    else setTimeout(() => this.start(task), this.milliseconds[task.provider] / 2);
  },

  start(task) {
    if (task.account.paused) task.account.waiting.push(task);
    else this.process(task);
  },

  pause(account, paused) {
    account.paused = paused;
    if (!paused) for (const task of account.waiting.splice(0)) this.enqueue(task);
  },

  async process(task) {
    task.status = this.states.processing;
    await sleep(this.milliseconds[task.provider]);
    this.complete(task);
  },

  complete(task) {
    if (!task.document.pages.length) return Object.assign(task, { status: this.states.failed, error: "unreadable" });
    return Object.assign(task, { result: this.result(task), status: this.states.done });
  },

  result(task) {
    const pages = task.document.pages.map((size, index) => this.readPage(task, size, index + 1));
    return { text: pages.map((page) => page.text).join("\n"), pages };
  },

  readPage(task, size, page) {
    const lines = this.lines(task, size, page);
    const words = lines.flatMap((line, row) => line.map((text, column) => ({ text, ...place(size, row, column) })));
    return {
      page,
      ...size,
      text: lines.map((line) => line.join(" ")).join("\n"),
      words: task.provider === "baidu" ? this.shownWords(words, size, page) : [],
    };
  },

  shownWords: (words) => words.map(({ text, box }) => ({ text, confidence: 0.98, box })),

  /** Three lines of three words that depend on the file and the page; an image too small for writing has none. */
  lines(task, size, page) {
    if (size.width < 100 || size.height < 50) return [];
    const word = (row, column) =>
      [0, 1].map((part) => SYLLABLES[(task.digest[6 * row + 2 * column + part] + page) % 16]).join("");
    return [0, 1, 2].map((row) => [0, 1, 2].map((column) => word(row, column)));
  },
};

function place(size, row, column) {
  const width = Math.floor(size.width / 4);
  const height = Math.floor(size.height / 8);
  return { box: { left: 10 + column * (width + 8), top: 5 + row * (height + 6), width, height } };
}
