"""What keeps a run from judging anything: most mistakes are made in the configuration."""


class NotJudgedError(Exception):
    """Nothing can be judged: one sentence names what is wrong, and says what to do."""
