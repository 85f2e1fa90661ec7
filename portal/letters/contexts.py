"""In which contexts a victim was harmed: computed, never typed (the office's data standard).

Domestic violence as UU 23/2004 art. 2 draws its circle: husband, wife and child in any case,
other relatives and who works there only where they live in the household.
"""

from collections.abc import Collection, Sequence

from models import Suspect, Victim
from portal.indonesia.dates import is_child

FAMILY = {"suami_istri", "orang_tua"}
OF_THE_HOUSEHOLD = {"keluarga", "majikan"}
SEXUAL_TYPES = {"rape", "sexual_assault"}


def contexts(
    victim: Victim, kinds: Collection[str], suspects: Sequence[Suspect], years: int | None
) -> list[str]:
    """The contexts of what happened to `victim`, in the words of letters.

    `kinds` are the kinds of violence (codes of `bentuk_kekerasan`), `years` the age at the
    incident, None where it is unknown: then nothing is said of children.
    """
    child = years is not None and is_child(years)
    partners = {one.relation for one in suspects}
    sexual = "seksual" in kinds or victim.gbvims_type in SEXUAL_TYPES
    found = {
        "kekerasan dalam rumah tangga (KDRT)": any(map(_domestic, suspects)),
        "kekerasan oleh pasangan": "suami_istri" in partners,
        "kekerasan oleh pasangan, bila terlapor adalah pacar": "pacar_teman" in partners,
        "kekerasan seksual terhadap anak": child and sexual,
        "perkawinan anak": child and _forced_to_marry(victim),
    }
    return [name for name, holds in found.items() if holds]


def _domestic(suspect: Suspect) -> bool:
    near = suspect.relation in OF_THE_HOUSEHOLD and bool(suspect.same_household)
    return suspect.relation in FAMILY or near


def _forced_to_marry(victim: Victim) -> bool:
    return victim.gbvims_type == "forced_marriage" or "pemaksaan_perkawinan" in victim.tpks_kinds
