/** The hooks API, version 1, of interfaces.md: what a test needs to arrange and no user can. */

import { refuse } from "./submission.mjs";

export const hooks = {
  hookGroups: ["accounts", "keys", "task-failures", "queue"],
  hooksPath: "/_conformance",
  hooksToken: null,

  async hook(call, path) {
    if (this.hooksToken && call.headers.authorization !== `Bearer ${this.hooksToken}`) refuse("invalid_hooks_token");
    const [, group, accountId, part, keyId] = path.split("/").map(decodeURIComponent);
    if (!group) return { status: 200, body: { version: 1, hooks: this.hookGroups } };
    if (group !== "accounts" || (part && !this.hookGroups.includes(part))) refuse("not_found");
    const body = await this.hookBody(call);
    if (!accountId) return this.hookAccount(body);
    const account = this.accounts.get(accountId) ?? refuse("not_found");
    return this.hookOnAccount(`${call.method} ${part ?? ""}`, account, body, keyId);
  },

  async hookBody(call) {
    const bytes = await this.readBody(call);
    return bytes.length ? JSON.parse(bytes) : {};
  },

  hookAccount({ pages = 0 }) {
    const account = this.openAccount(pages);
    return { status: 201, body: { accountId: account.id, ...this.hookKey(account), pages } };
  },

  hookKey(account) {
    const key = this.addKey(account);
    return { keyId: key.id, apiKey: key.secret };
  },

  hookOnAccount(call, account, body, keyId) {
    switch (call) {
      case "GET ":
        return { status: 200, body: { accountId: account.id, pages: this.balance(account) } };
      case "DELETE ":
        this.accounts.delete(account.id);
        this.keys = this.keys.filter((key) => key.account !== account);
        return { status: 204 };
      case "POST keys":
        return { status: 201, body: this.hookKey(account) };
      case "DELETE keys":
        this.revoke(this.keys.find((key) => key.account === account && key.id === keyId) ?? refuse("not_found"));
        return { status: 204 };
      case "PUT task-failures":
        account.failures = body.count;
        return { status: 204 };
      case "PUT queue":
        this.pause(account, body.paused);
        return { status: 204 };
      default:
        return refuse("not_found");
    }
  },
};
