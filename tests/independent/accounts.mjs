/** Accounts, their keys and their pages. All in memory; a balance is the sum of what was granted, deducted, refunded. */

import { randomBytes } from "node:crypto";

const random = (prefix, size = 12) => prefix + randomBytes(size).toString("hex");

export const accounts = {
  accounts: new Map(),
  keys: [],
  newKey: () => random("key_", 24),
  newId: (prefix) => random(prefix),

  openAccount(pages) {
    const account = { id: this.newId("acc_"), pages, failures: 0, paused: false, waiting: [], tasks: [] };
    this.accounts.set(account.id, account);
    return account;
  },

  addKey(account) {
    const key = { id: this.newId("k_"), secret: this.newKey(), account, revoked: false };
    this.keys.push(key);
    return key;
  },

  /** The key that a token is, be it revoked or not. */
  findKey(token) {
    return this.keys.find((key) => key.secret === token);
  },

  revoke(key) {
    key.revoked = true;
  },

  /** What the account is told to have. */
  balance: (account) => account.pages,

  affords: (account, pages) => account.pages >= pages,

  deduct(account, pages) {
    account.pages -= pages;
  },

  refund(account, pages) {
    account.pages += pages;
  },
};
