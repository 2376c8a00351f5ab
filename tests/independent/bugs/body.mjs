/** Bugs of the request body: its fields, Base64, documents and size. */

import { around, edit, isBaidu, isPaddle, isPdf, isUri, part, recode, refuse, skip, success, wrap } from "./tools.mjs";

const REQUIRED = "body.required_field";
const INVALID = "body.invalid_image";
const PLAIN = "body.base64";
const URI = "body.data_uri";
const IMAGE = "body.image_file";
const PDF = "body.pdf_file";
const NAME = "body.filename";
const OPTIONAL = "body.optional_field";
const PROVIDER = "body.provider";
const DEFAULT = "body.default_provider";
const REFUSED = "limit.refused";
const ACCEPTED = "limit.accepted";

const absent = (a) => a.code === "missing_image_base64" && a.why === "absent";
const undecodable = (a) => a.code === "invalid_image_base64" && a.why === "base64";
/** Refuses what is well as if it could not be decoded. */
const refusing = (rules, when, code = "invalid_image_base64") =>
  wrap(rules, "document", (inner, call) => { inner(call); if (when(call)) refuse(code); });
const name = (call) => call.json.filename ?? "";
const named = (test, code) => refusing(NAME, (call) => call.json.filename !== undefined && test(name(call)), code);
/** Base64 that is taken for well-formed. */
const lax = (test) => wrap(INVALID, "isBase64", (inner, text, call) => inner(text, call) || test(text, call));
/** Whatever decodes is taken for an image. */
const anything = (s) => around(s, "unrecognised", () => ({ type: "image/png", pages: [{ width: 1, height: 1 }] }));
const measured = (rules, size) => part(rules, { async readBody(call) {
  const chunks = [];
  for await (const chunk of call.request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return size(body, call) > this.limit ? null : body;
} });
const scaled = (rules, factor) => [rules, (s) => (s.limit = Math.floor(s.limit * factor))];
const image = (call) => { try { return JSON.parse(call.body ?? "").imageBase64 ?? ""; } catch { return ""; } };

export const body = {
  missing_crashes: recode(REQUIRED, absent, { status: 500, code: "internal_error" }),
  missing_is_invalid_image: recode(REQUIRED, absent, { code: "invalid_image_base64" }),
  missing_is_422: recode(REQUIRED, absent, { status: 422 }),
  missing_is_404: recode(REQUIRED, absent, { status: 404 }),
  missing_code_camel: recode(REQUIRED, absent, { status: 400, code: "missing_imageBase64" }),
  missing_code_generic: recode(REQUIRED, absent, { status: 400, code: "bad_request" }),
  missing_validation_list: edit(REQUIRED, absent, (a) => Object.assign(a, { status: 422, body: { detail: [{ loc: ["body", "imageBase64"], msg: "field required" }] } })),
  missing_accepted: skip(REQUIRED, "field", (call) => call.json.imageBase64 === undefined && (call.json.imageBase64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==")),
  missing_hangs_up: [REQUIRED, (s) => around(s, "transmit", (inner, call, ...rest) => (call.json && call.json.imageBase64 === undefined ? call.request.socket.destroy() : inner(call, ...rest)))],
  missing_seen_in_empty_body_only: wrap(REQUIRED, "field", (inner, call) => (call.json.imageBase64 === undefined && Object.keys(call.json).length ? refuse("invalid_image_base64") : inner(call))),
  missing_seen_with_name_only: wrap(REQUIRED, "field", (inner, call) => (call.json.imageBase64 === undefined && !Object.keys(call.json).length ? refuse("internal_error") : inner(call))),
  missing_is_200_false: recode(REQUIRED, absent, { status: 200 }),
  invalid_crashes: recode(INVALID, undecodable, { status: 500, code: "internal_error" }),
  invalid_is_missing: recode(INVALID, undecodable, { code: "missing_image_base64" }),
  invalid_is_422: recode(INVALID, undecodable, { status: 422 }),
  invalid_is_415: recode(INVALID, undecodable, { code: "unsupported_media_type" }),
  invalid_code_short: recode(INVALID, undecodable, { status: 400, code: "invalid_image" }),
  invalid_code_misspelt: recode(INVALID, undecodable, { status: 400, code: "invalid_image_base_64" }),
  invalid_accepted: [INVALID, (s) => { s.isBase64 = () => true; anything(s); }],
  invalid_accepted_if_long: [INVALID, (s) => { around(s, "isBase64", (inner, text) => inner(text) || text.length > 40); anything(s); }],
  invalid_accepted_in_uri: [INVALID, (s) => { around(s, "isBase64", (inner, text, call) => inner(text) || isUri(call)); anything(s); }],
  invalid_accepted_without_uri: [INVALID, (s) => { around(s, "isBase64", (inner, text, call) => inner(text) || !isUri(call)); anything(s); }],
  base64_ignores_other_characters: lax(() => true),
  base64_ignores_stars: lax((text) => /^[\w+/=*!]+$/.test(text)),
  base64_of_any_length: lax((text) => /^[A-Za-z0-9+/]+$/.test(text) && text.length % 4 === 1),
  base64_after_padding_ignored: lax((text) => /^[A-Za-z0-9+/]+=+[^]+$/.test(text)),
  uri_without_comma_crashes: wrap(INVALID, "decode", (inner, call) => (/^data:[^,]*$/.test(call.json.imageBase64) ? refuse("internal_error") : inner(call))),
  invalid_with_baidu_crashes: wrap(INVALID, "isBase64", (inner, text, call) => inner(text) || (call.json.provider === "baidu" ? refuse("internal_error") : false)),

  plain_refused: refusing(PLAIN, (call) => !isUri(call)),
  plain_image_refused: refusing(PLAIN, (call) => !isUri(call) && !isPdf(call)),
  plain_with_slash_refused: refusing(PLAIN, (call) => !isUri(call) && call.base64.includes("/")),
  plain_with_plus_refused: refusing(PLAIN, (call) => !isUri(call) && call.base64.includes("+")),
  plain_with_padding_refused: refusing(PLAIN, (call) => !isUri(call) && call.base64.endsWith("=")),
  plain_with_two_paddings_refused: refusing(PLAIN, (call) => !isUri(call) && call.base64.endsWith("==")),
  plain_with_one_padding_refused: refusing(PLAIN, (call) => !isUri(call) && /[^=]=$/.test(call.base64)),
  plain_without_padding_refused: refusing(PLAIN, (call) => !isUri(call) && !call.base64.endsWith("=")),
  plain_over_64k_refused: refusing(PLAIN, (call) => !isUri(call) && call.base64.length > 65536),
  uri_refused: refusing(URI, isUri),
  uri_crashes: refusing(URI, isUri, "internal_error"),
  uri_of_jpeg_refused: refusing(URI, (call) => call.uriType === "image/jpeg"),
  uri_of_png_refused: refusing(URI, (call) => call.uriType === "image/png"),
  uri_of_png_only: refusing(URI, (call) => isUri(call) && call.uriType !== "image/png" && !isPdf(call)),
  uri_with_padding_refused: refusing(URI, (call) => isUri(call) && call.base64.endsWith("=")),
  uri_with_slash_refused: refusing(URI, (call) => isUri(call) && call.base64.includes("/")),
  uri_for_baidu_refused: refusing(URI, (call) => isUri(call) && isBaidu(call)),
  uri_nameless_refused: refusing(OPTIONAL, (call) => isUri(call) && !name(call)),
  png_refused: refusing(IMAGE, (call) => call.document.type === "image/png"),
  jpeg_refused: refusing(IMAGE, (call) => call.document.type === "image/jpeg"),
  jpeg_refused_by_baidu: refusing(IMAGE, (call) => call.document.type === "image/jpeg" && isBaidu(call)),
  jpeg_crashes: refusing(IMAGE, (call) => call.document.type === "image/jpeg", "internal_error"),
  images_for_baidu_refused: refusing(PROVIDER, (call) => !isPdf(call) && isBaidu(call)),
  large_images_refused: refusing(IMAGE, (call) => !isPdf(call) && call.document.pages[0].width > 500),
  pdf_refused: refusing(PDF, isPdf),
  pdf_crashes: refusing(PDF, isPdf, "internal_error"),
  pdf_is_415: refusing(PDF, isPdf, "unsupported_media_type"),
  pdf_for_paddle_refused: refusing(PDF, (call) => isPdf(call) && isPaddle(call)),
  pdf_for_baidu_refused: refusing(PDF, (call) => isPdf(call) && isBaidu(call)),
  pdf_nameless_refused: refusing(PDF, (call) => isPdf(call) && !name(call)),
  pdf_of_several_pages_refused: refusing(PDF, (call) => isPdf(call) && call.pages > 1),
  pdf_over_ten_pages_refused: refusing(PDF, (call) => isPdf(call) && call.pages > 10),
  pdf_named_refused: refusing(NAME, (call) => isPdf(call) && name(call)),
  pdf_with_object_streams_refused: refusing(PDF, (call) => isPdf(call) && call.bytes.includes("/ObjStm")),
  named_refused: named(() => true),
  named_crashes: named(() => true, "internal_error"),
  name_non_ascii_crashes: named((text) => /[^\x00-\x7f]/.test(text), "internal_error"),
  name_astral_crashes: named((text) => /[\u{10000}-\u{10ffff}]/u.test(text), "internal_error"),
  name_with_space_refused: named((text) => text.includes(" ")),
  name_upper_case_extension_refused: named((text) => /\.[A-Z]+$/.test(text)),
  name_without_extension_refused: named((text) => !text.includes(".")),
  name_two_dots_refused: named((text) => text.split(".").length > 2),
  name_over_64_refused: named((text) => text.length > 64),
  name_with_quote_crashes: named((text) => /['"]/.test(text), "internal_error"),
  name_with_parentheses_refused: named((text) => /[()]/.test(text)),
  name_jpeg_refused: named((text) => /\.jpe?g$/i.test(text)),
  name_jpeg_long_refused: named((text) => /\.jpeg$/i.test(text)),
  name_jpg_refused: named((text) => /\.jpg$/i.test(text)),
  name_png_refused: named((text) => /\.png$/i.test(text)),
  name_pdf_refused: named((text) => /\.pdf$/i.test(text)),
  name_with_hyphen_refused: named((text) => text.includes("-")),
  name_starting_with_dot_refused: named((text) => text.startsWith(".")),
  filename_required: refusing(OPTIONAL, (call) => !name(call)),
  filename_required_code: refusing(OPTIONAL, (call) => !name(call), "missing_image_base64"),
  provider_required: refusing(OPTIONAL, (call) => call.json.provider === undefined),
  both_required: refusing(OPTIONAL, (call) => call.json.provider === undefined && !name(call)),
  one_of_both_required: refusing(OPTIONAL, (call) => call.json.provider === undefined && !name(call), "internal_error"),
  filename_required_for_baidu: refusing(OPTIONAL, (call) => isBaidu(call) && !name(call)),
  filename_required_for_paddle: refusing(OPTIONAL, (call) => call.json.provider === "paddle" && !name(call)),
  filename_required_for_jpeg: refusing(OPTIONAL, (call) => call.document.type === "image/jpeg" && !name(call)),
  baidu_refused: refusing(PROVIDER, isBaidu),
  baidu_crashes: refusing(PROVIDER, isBaidu, "internal_error"),
  baidu_is_503: [PROVIDER, (s) => { s.status.unavailable = 503; around(s, "document", (inner, call) => { inner(call); if (isBaidu(call)) refuse("unavailable"); }); }],
  paddle_refused: refusing(PROVIDER, (call) => call.json.provider === "paddle"),
  paddle_by_name_crashes: refusing(PROVIDER, (call) => call.json.provider === "paddle", "internal_error"),
  provider_ignored: wrap("success.provider", "provider", function (inner, call) { inner(call); call.provider = this.defaultProvider; }),
  provider_taken_for_the_other: wrap("success.provider", "provider", (inner, call) => { inner(call); if (call.json.provider) call.provider = isBaidu(call) ? "paddle" : "baidu"; }),
  paddle_goes_to_baidu: wrap("success.provider", "provider", (inner, call) => { inner(call); if (call.json.provider === "paddle") call.provider = "baidu"; }),
  baidu_goes_to_paddle_unsaid: wrap("providers.synchronous", "createTask", (inner, call) => Object.assign(inner(call), isBaidu(call) ? { provider: "paddle" } : {})),
  default_is_baidu: part(DEFAULT, { defaultProvider: "baidu" }),
  default_is_random: wrap(DEFAULT, "provider", (inner, call) => { inner(call); if (call.json.provider === undefined) call.provider = Math.random() < 0.5 ? "paddle" : "baidu"; }),
  default_is_baidu_for_pdf: wrap(DEFAULT, "document", (inner, call) => { inner(call); if (call.json.provider === undefined && isPdf(call)) call.provider = "baidu"; }),
  default_is_the_last_used: [DEFAULT, (s) => around(s, "provider", (inner, call) => { inner(call); if (call.json.provider === undefined) call.provider = call.account.last ?? "paddle"; call.account.last = call.provider; })],
  default_told_but_not_used: wrap(DEFAULT, "createTask", (inner, call) => Object.assign(inner(call), call.json.provider === undefined ? { provider: "baidu" } : {})),
  default_refused: refusing(OPTIONAL, (call) => call.json.provider === undefined, "internal_error"),

  unlimited: scaled(REFUSED, 1000),
  limit_one_tenth_too_high: scaled(REFUSED, 1.1),
  limit_twice: scaled(REFUSED, 2),
  limit_of_decoded_bytes: measured(REFUSED, (text, call) => { call.body = text; const value = image(call); return typeof value === "string" ? value.length * 0.75 : 0; }),
  limit_of_the_field: measured(REFUSED, (text, call) => { call.body = text; return image(call).length; }),
  limit_in_characters: measured(REFUSED, (text) => text.toString().length),
  limit_by_content_length: measured(REFUSED, (_, call) => Number(call.headers["content-length"] ?? 0)),
  limit_for_chunked_only: measured(REFUSED, (text, call) => (call.headers["content-length"] ? 0 : text.length)),
  limit_for_paddle_only: measured(REFUSED, (text) => (text.includes('"baidu"') ? 0 : text.length)),
  limit_after_whitespace: measured(REFUSED, (text) => text.toString().trim().length),
  limit_cuts_the_body: [REFUSED, (s) => around(s, "readBody", async (inner, call) => (await inner(call)) ?? Buffer.from("{"))],
  limit_is_400: recode(REFUSED, "payload_too_large", { status: 400 }),
  limit_crashes: recode(REFUSED, "payload_too_large", { status: 500, code: "internal_error" }),
  limit_is_414: recode(REFUSED, "payload_too_large", { status: 414 }),
  limit_is_invalid_image: recode(REFUSED, "payload_too_large", { code: "invalid_image_base64" }),
  limit_code_old: recode(REFUSED, "payload_too_large", { status: 413, code: "request_entity_too_large" }),
  limit_code_short: recode(REFUSED, "payload_too_large", { status: 413, code: "too_large" }),
  limit_hangs_up: [REFUSED, (s) => around(s, "transmit", (inner, call, status, ...rest) => (status === 413 ? call.request.socket.destroy() : inner(call, status, ...rest)))],
  limit_is_402: recode(REFUSED, "payload_too_large", { code: "insufficient_pages" }),
  limit_half: scaled(ACCEPTED, 0.5),
  limit_nine_tenths: scaled(ACCEPTED, 0.9),
  limit_one_percent_low: scaled(ACCEPTED, 0.9437),
  limit_one_byte_low: [ACCEPTED, (s) => (s.limit = s.megabytes * 1e6 - 1)],
  limit_tiny: scaled(ACCEPTED, 0.05),
  limit_of_base64_read_as_bytes: measured(ACCEPTED, (text) => (text.length * 4) / 3),
  limit_lower_for_chunked: measured(ACCEPTED, (text, call) => (call.headers["content-length"] ? text.length : text.length * 1.5)),
  limit_lower_for_baidu: measured(ACCEPTED, (text) => (text.includes('"baidu"') ? text.length * 1.5 : text.length)),
  limit_lower_for_pdf: measured(ACCEPTED, (text) => (text.includes('"JVBER') ? text.length * 1.5 : text.length)),
  limit_lower_for_uri: measured(ACCEPTED, (text) => (text.includes('"data:') ? text.length * 1.5 : text.length)),
  large_bodies_crash: [ACCEPTED, (s) => around(s, "size", async (inner, call) => { await inner(call); if (call.body.length > s.megabytes * 0.95e6) refuse("internal_error"); })],
};
