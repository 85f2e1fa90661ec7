"""Official letters: what they say, their numbers, and the PDF of each.

The documents themselves are in Indonesian alone, as the law asks of official letters (UU 24/2009
art. 27); what the portal says about them is translated like everything else.
"""


class LetterError(Exception):
    """A letter that cannot be made, numbered or read; the text is a sentence for the officer."""


class RenderError(LetterError):
    """A letter that cannot be made; the message says so without repeating its text."""
