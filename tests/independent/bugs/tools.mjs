/** Ways to break a server in one line. A bug is [the rules that it breaks, by spaces, change(server)]. */

import { around, onAnswer } from "../parts.mjs";
import { Refusal, refuse } from "../submission.mjs";
import { sleep } from "../tasks.mjs";

export { around, onAnswer, refuse, sleep };

/** A part set to another value or function. */
export const part = (rules, values) => [rules, (s) => void Object.assign(s, values)];

/** A part wrapped: wrapping(inner, ...arguments). */
export const wrap = (rules, name, wrapping) => [rules, (s) => around(s, name, wrapping)];

/** Answers changed: `when` is an error code or a predicate; edit(answer, call, server). */
export const edit = (rules, when, change) => [rules, (s) => editing(s, when, change)];

export function editing(s, when, change) {
  const test = typeof when === "string" ? (answer) => answer.code === when : when;
  onAnswer(s, (answer, call) => !answer.isHook && test(answer, call), (answer, call) => change(answer, call, s));
}

/** The refusal with a code (and a reason) comes with another status or code. */
export const recode = (rules, when, { status, code }) =>
  edit(rules, when, (answer, call, s) => {
    if (code) answer.body = s.errorBody(code, call);
    answer.status = status ?? s.status[code] ?? answer.status;
  });

/** A refusal by another status, thrown within a step. */
export const fail = (status, code = "internal_error") => {
  throw Object.assign(new Refusal(code), { status });
};

/** The success answer with some members changed: change(body, call, server). */
export const success = (rules, change, when = () => true) =>
  edit(rules, (answer, call) => answer.accepted && when(call), (answer, call, s) => change(answer.body, call, s));

/** A step that is left out for some calls. */
export const skip = (rules, step, when) =>
  wrap(rules, step, (inner, call, ...rest) => (when(call) ? undefined : inner(call, ...rest)));

export const isPdf = (call) => call.document?.type === "application/pdf";
export const isBaidu = (call) => call.provider === "baidu";
export const isPaddle = (call) => call.provider === "paddle";
export const isUri = (call) => call.uriType !== undefined;
export const accepted = (answer) => answer.accepted;
export const refusedBy = (why) => (answer) => answer.why === why && answer.status === 401;
