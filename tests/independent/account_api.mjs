/** The account API of interfaces.md: tasks and the balance, for the key of a submission. */

import { refuse } from "./submission.mjs";

export const accountApi = {
  taskPath: /^\/api\/tasks\/(.+)$/,
  balancePath: "/api/account",

  authenticate(call) {
    this.bearer(call);
    this.key(call);
  },

  readTask(call, id) {
    this.authenticate(call);
    const task = this.findTask(call, id) ?? refuse("task_not_found");
    return { status: 200, body: this.showTask(task, call) };
  },

  findTask(call, id) {
    return call.account.tasks.find((task) => task.id === id);
  },

  showTask: ({ id, provider, status, pages, filename, createdAt, result, error }) => ({
    taskId: id, provider, status, pages, filename, createdAt, result, error,
  }),

  listTasks(call) {
    this.authenticate(call);
    const limit = Number(call.query.get("limit") ?? 20);
    const from = Number(call.query.get("cursor") ?? 0);
    const shown = call.account.tasks.slice(from, from + limit).map(({ ...task }) => {
      const { result, ...rest } = this.showTask(task, call);
      return rest;
    });
    const next = from + limit < call.account.tasks.length ? String(from + limit) : null;
    return { status: 200, body: { tasks: shown, nextCursor: next } };
  },

  readAccount(call) {
    this.authenticate(call);
    return { status: 200, body: this.showAccount(call.account) };
  },

  showAccount(account) {
    return { pages: this.balance(account) };
  },
};
