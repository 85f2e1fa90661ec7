"""The QR code on a letter: whoever holds the paper finds out whether it is genuine."""

import segno

# One module is drawn as so many pixels: sharp at 2 cm on paper.
PIXELS = 4
# White modules around it, beside the white that the letter has anyway.
BORDER = 2


def address(text: str) -> str:
    """The picture of `text` as an address for `<img>`; empty where there is nothing to say."""
    if not text:
        return ""
    made = segno.make(text, error="m", micro=False)
    return made.png_data_uri(scale=PIXELS, border=BORDER)
