"""Codes as they are printed, to be read by people and typed."""

GROUP = 4


def grouped(digits: str, size: int = GROUP) -> str:
    """`digits` in groups, a blank between them, as a code is printed to be typed."""
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))
