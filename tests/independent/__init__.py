"""A server in another language, written from the documentation alone: the suite is not to know the mock too well."""
