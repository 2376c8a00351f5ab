"""`python -m conformance` and `startocr-conformance`."""

from conformance.cli import cli


def main() -> None:
    """Run the command line and exit."""
    cli(prog_name="startocr-conformance")


if __name__ == "__main__":
    main()
