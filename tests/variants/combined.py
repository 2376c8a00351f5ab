"""Variants that differ in many things at once, as real servers do."""

from tests.variants import answers, cors, documents, elsewhere, late, processing, profiles, requests, results, wire
from tests.variants.varying import combine

MODULES = (requests, documents, answers, processing, late, results, cors, wire, profiles, elsewhere)

combine(
    "accepted_and_nested",
    "202 with a nested error envelope, the media type before the key, a megabyte of a million.",
    "accepted_for_later",
    "code_in_an_error_object",
    "media_type_before_key",
    "megabyte_of_a_million",
)
combine(
    "behind_a_strict_proxy",
    "Limits before keys, a closed connection for what is too large, foreign pages refused, few requests a second.",
    "body_before_key",
    "too_large_closes",
    "foreign_origin_refused",
    "thirty_requests_a_second",
)
combine(
    "lenient",
    "Base64 however it is written, any bytes, any provider, any PDF, the last document on credit.",
    "base64_however_it_is_written",
    "any_bytes_accepted",
    "unknown_provider_is_the_default",
    "null_provider_is_the_default",
    "broken_pdf_accepted",
    "encrypted_pdf_accepted",
    "last_document_on_credit",
)
combine(
    "strict",
    "PNG, JPEG and PDF only, no unknown member, no data URI of a PDF, codes of its own for three other faults.",
    "png_and_jpeg_only",
    "unknown_members_refused",
    "data_uri_of_images_only",
    "malformed_json_has_a_code",
    "list_has_a_code",
    "unknown_provider_has_a_code",
)
combine(
    "slow_and_late",
    "Slow answers, slow tasks, late balances, words in polygons.",
    "slow_answers",
    "slow_processing",
    "late_balances",
    "words_in_polygons_of_pairs",
)
combine(
    "old_and_chatty",
    "HTTP/1.0, indented JSON, further members, compressed, several challenges, UUIDs, a list of errors.",
    "http_1_0",
    "code_in_a_list",
    "further_members",
    "several_challenges",
    "uuid_as_task_id",
    "answers_compressed",
)
combine(
    "poor_and_unknown",
    "Three keys and few pages, the code in `code`, 201, another id, a foreign task that is forbidden.",
    "few_pages",
    "created",
    "code_at_the_top",
    "odd_task_ids",
    "foreign_task_is_forbidden",
    unseen={"task_id_form": "its forty pages are spent on rules before this question is asked"},
)
combine(
    "unseen_second_attempt",
    "A task that could not be created is created at the second attempt, which no account API shows.",
    "creation_is_tried_again",
    "no_account_api",
)
combine(
    "vendor_shaped",
    "The words as Baidu has them, pending tasks, one page for a TIFF, an account API elsewhere.",
    "words_as_baidu_has_them",
    "tasks_begin_with_pending",
    "tiff_costs_one",
    "account_api_elsewhere",
)
