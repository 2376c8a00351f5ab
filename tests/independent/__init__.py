"""A server in another language, written from the documentation alone: it keeps the suite from knowing the mock too well."""
