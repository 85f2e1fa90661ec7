"""Numbers in Indonesian words, as official letters write them beside the digits."""

_ONES = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas"
ONES = _ONES.split()
SCALES = (
    (10**12, "triliun"),
    (10**9, "miliar"),
    (10**6, "juta"),
    (10**3, "ribu"),
    (100, "ratus"),
    (10, "puluh"),
)
LARGEST = 10**15 - 1


def terbilang(number: int) -> str:
    """`1234` as `seribu dua ratus tiga puluh empat`.

    Raises ValueError below zero and above 999 triliun 999 miliar and so on.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"no words for {number}")
    return " ".join(_words(number)) if number else ONES[0]


def _words(number: int) -> list[str]:
    if number == 0:
        return []
    if number < len(ONES):
        return [ONES[number]]
    if number < 20:
        return [ONES[number - 10], "belas"]
    size, scale = next(pair for pair in SCALES if number >= pair[0])
    count, rest = divmod(number, size)
    return _counted(count, scale) + _words(rest)


def _counted(count: int, scale: str) -> list[str]:
    """One hundred and one thousand grow together with their unit: seratus, seribu."""
    if count == 1 and scale in ("ratus", "ribu"):
        return [f"se{scale}"]
    return [*_words(count), scale]
