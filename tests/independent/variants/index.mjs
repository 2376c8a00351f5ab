/** Every conforming variant by its name: {change(server), readings: {question: reading}}. */

import { deployments } from "./deployments.mjs";
import { readings } from "./readings.mjs";
import { wire } from "./http.mjs";

const single = { ...readings, ...wire, ...deployments };

const together = (...names) => ({
  change: (server) => names.forEach((name) => single[name].change(server)),
  readings: Object.assign({}, ...names.map((name) => single[name].readings)),
});

export const variants = {
  ...single,
  lax: together(
    "status_202", "code_in_error", "empty_is_accepted", "unknown_provider_is_default", "null_provider_is_default",
    "url_safe_accepted", "unpadded_accepted", "line_breaks_accepted", "any_bytes_accepted", "broken_pdf_accepted",
    "encrypted_pdf_accepted", "partial_below_zero", "task_id_digits", "extra_members",
  ),
  strict: together(
    "status_201", "code_in_list", "unknown_members_refused", "bearer_case_is_missing", "empty_token_is_invalid",
    "pdf_uri_refused", "no_webp_no_tiff", "decimal_megabyte", "media_type_first", "foreign_refused", "types_by_name",
    "hangs_up_on_large_bodies", "closes_every_connection",
  ),
  poor: together("no_hooks_nor_account_api", "rate_limit", "status_202", "code_in_error", "closes_every_connection"),
  slow: together("slow_answers", "slow_hooks", "seconds_for_both", "late_balance", "refund_after_2_s", "states_pending"),
  odd: together(
    "under_a_path", "task_api_elsewhere", "task_id_odd", "odd_ids_of_accounts", "hooks_with_token", "escaped_json",
    "chunked_answers", "gzip", "words_result", "challenges_in_two_lines", "keys_with_dots",
  ),
};
