/** Servers that read an open question another way. Each names the reading that it stands for. */

import { randomUUID } from "node:crypto";
import { around } from "../parts.mjs";
import { refuse } from "../submission.mjs";

const reads = (question, reading, change) => ({ readings: { [question]: reading }, change });
const sets = (question, reading, values) => reads(question, reading, (s) => Object.assign(s, values));
const body = (errorBody) => ({ errorBody });

const MISSING = () => refuse("missing_image_base64");
const INVALID = () => refuse("invalid_image_base64");
const OTHER = () => refuse("malformed_request");
const nothing = { type: "unknown", pages: [] };
const onePage = { type: "application/pdf", pages: [{ width: 1240, height: 1754 }] };

const without = (...types) => (s) =>
  around(s, "inspect", (inner, bytes) => {
    const found = inner(bytes);
    return found && types.includes(found.type) ? null : found;
  });

const accepting = (reason) => (s) =>
  around(s, "unreadable", (inner, call, why) => (why === reason ? onePage : inner(call, why)));

const base64 = (tidy) => (s) => around(s, "isBase64", (inner, text) => inner(tidy(text)));

export const readings = {
  status_201: sets("success_status", "201", { accepted: 201 }),
  status_202: sets("success_status", "202", { accepted: 202 }),
  code_in_error: sets("error_code_place", "/error/code", body((code) => ({ error: { code, type: "request", message: "No" } }))),
  code_in_code: sets("error_code_place", "/code", body((code) => ({ code, message: "Refused" }))),
  code_in_list: sets("error_code_place", "/errors/0/code", body((code) => ({ errors: [{ code, detail: "Refused" }] }))),
  media_type_first: reads("check_order", "media_type_first", (s) => {
    s.order = ["mediaType", "bearer", "key", ...s.order.slice(3)];
  }),
  decimal_megabyte: reads("megabyte", "decimal", (s) => {
    s.limit = s.megabytes * 1e6;
  }),
  empty_is_invalid: sets("empty_image", "invalid", { emptyImage: INVALID }),
  empty_is_accepted: reads("empty_image", "accepted", (s) => {
    s.emptyImage = () => {};
    around(s, "unrecognised", (inner, call) => (call.bytes.length ? inner(call) : onePage));
  }),
  null_is_invalid: sets("null_image", "invalid", { nullImage: INVALID }),
  other_types_are_missing: sets("non_string_image", "missing", { otherImage: MISSING }),
  malformed_is_missing: sets("malformed_json", "missing", { malformed: MISSING }),
  malformed_is_another: reads("malformed_json", "other", (s) => {
    s.malformed = OTHER;
    s.status.malformed_request = 400;
  }),
  malformed_is_422: reads("malformed_json", "other", (s) => {
    s.malformed = OTHER;
    s.status.malformed_request = 422;
  }),
  no_object_is_invalid: sets("non_object_json", "invalid", { noObject: INVALID }),
  no_object_is_another: reads("non_object_json", "other", (s) => {
    s.noObject = OTHER;
    s.status.malformed_request = 422;
  }),
  unknown_members_refused: reads("unknown_member", "refused", (s) => {
    s.status.malformed_request = 400;
    around(s, "field", (inner, call) => {
      inner(call);
      if (Object.keys(call.json).some((key) => !["imageBase64", "filename", "provider"].includes(key))) OTHER();
    });
  }),
  unknown_provider_is_default: sets("unknown_provider", "default", { unknownProvider: () => "paddle" }),
  null_provider_is_default: reads("null_provider", "default", (s) =>
    around(s, "unknownProvider", (inner, call, name) => (name === null ? "paddle" : inner(call, name))),
  ),
  bearer_case_is_missing: reads("bearer_case", "missing", (s) =>
    around(s, "bearer", (inner, call) => {
      if (!call.headers.authorization?.startsWith("Bearer")) refuse("missing_api_key", "scheme");
      inner(call);
    }),
  ),
  bearer_case_is_invalid: reads("bearer_case", "invalid", (s) =>
    around(s, "bearer", (inner, call) => {
      if (/^bearer/i.test(call.headers.authorization) && !call.headers.authorization.startsWith("Bearer")) {
        refuse("invalid_api_key", "unknown");
      }
      inner(call);
    }),
  ),
  empty_token_is_invalid: reads("empty_token", "invalid", (s) =>
    around(s, "bearer", (inner, call) => {
      if (/^bearer\s*$/i.test(call.headers.authorization)) refuse("invalid_api_key", "unknown");
      inner(call);
    }),
  ),
  pdf_uri_refused: sets("pdf_data_uri", "refused", { takesUri: (type) => type.startsWith("image/") }),
  line_breaks_accepted: reads("base64_line_breaks", "accepted", base64((text) => text.replace(/[\r\n]/g, ""))),
  url_safe_accepted: reads("base64_url_safe", "accepted", base64((text) => text.replace(/-/g, "+").replace(/_/g, "/"))),
  unpadded_accepted: reads("base64_unpadded", "accepted", base64((text) => text.padEnd(Math.ceil(text.length / 4) * 4, "="))),
  any_bytes_accepted: sets("unrecognised_bytes", "accepted", {
    unrecognised: () => nothing,
    price: (call) => call.document.pages.length || 1,
  }),
  no_webp_no_tiff: reads("image_types", "none", without("image/webp", "image/tiff", "image/gif", "image/bmp")),
  no_webp: reads("image_types", "tiff", without("image/webp")),
  no_tiff: reads("image_types", "webp", without("image/tiff")),
  tiff_is_one_page: reads("image_pages", "one", (s) =>
    around(s, "inspect", (inner, bytes) => {
      const found = inner(bytes);
      return found?.type === "image/tiff" ? { ...found, pages: found.pages.slice(0, 1) } : found;
    }),
  ),
  broken_pdf_accepted: reads("broken_pdf", "accepted", accepting("broken")),
  encrypted_pdf_accepted: reads("encrypted_pdf", "accepted", accepting("encrypted")),
  partial_below_zero: sets("partial_balance", "accepted", { affords: (account) => account.pages > 0 }),
  partial_to_zero: reads("partial_balance", "accepted", (s) => {
    s.affords = (account) => account.pages > 0;
    s.deduct = (account, pages, call) => {
      call.taken = Math.min(pages, account.pages);
      account.pages -= call.taken;
    };
    s.refund = (account, pages, call) => {
      account.pages += call.taken;
    };
  }),
  task_id_uuid: sets("task_id_form", "uuid", { newTaskId: () => randomUUID() }),
  task_id_digits: reads("task_id_form", "other", (s) => {
    let last = 1000;
    s.newTaskId = () => String((last += 1));
  }),
  task_id_odd: reads("task_id_form", "other", (s) => {
    s.newTaskId = () => `job:${randomUUID().slice(0, 13)}/a b?c#d%20é+&;`;
  }),
  foreign_refused: sets("foreign_origin_answer", "refused", {
    foreign: () => ({ status: 403, body: { success: false, error: "origin_not_allowed" } }),
  }),
  states_pending: reads("task_states", "pending", (s) => {
    s.states = { queued: "pending", processing: "running", done: "done", failed: "failed" };
  }),
  states_processing: reads("task_states", "processing", (s) => {
    s.states = { ...s.states, queued: "processing" };
  }),
  states_waiting_upper_case: reads("task_states", "WAITING", (s) => {
    s.states = { ...s.states, queued: "WAITING", processing: "IN_PROGRESS" };
  }),
};

