"""What a receipt says was paid for, and whether it was. Only whole texts in known forms count.

Nobody has published the words that receipts use, and one word more can turn a payment into a
failed one, a gift or a second seat. So a product is known only if the *whole* description has this
form, letter case aside, and a payment only if its amounts are plain numbers:

    ["LinkedIn"] product ["subscription" | "plan" | "membership"] [period]

    period: monthly, quarterly, annual, annually or yearly; after a space, a comma, a colon or a
            dash, or in brackets; the same three words may follow it
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from attrs import frozen

#: The names of Premium products by family. The family alone may be any of its plans, and `Premium`
#: alone, which is what LinkedIn calls all of them together, any plan at all.
_TIERS: Final[Mapping[str, Mapping[str, str]]] = {
    "premium": {
        "career": "premium_career",
        "business": "premium_business",
        "business plus": "business_plus",
    },
    "sales navigator": {
        "core": "sales_navigator_core",
        "advanced": "sales_navigator_advanced",
        "advanced plus": "sales_navigator_advanced_plus",
    },
    "recruiter": {
        "lite": "recruiter_lite",
        "corporate": "recruiter_corporate",
        "professional": "recruiter_professional",
        "professional services": "recruiter_professional",
    },
    "business plus": {"": "business_plus"},
    "job seeker": {"": "job_seeker"},
}
_ALL_PLANS: Final = tuple(dict.fromkeys(p for tiers in _TIERS.values() for p in tiers.values()))
_NOUN: Final = r"(?:subscription|plan|membership)"
_PERIOD: Final = rf"(?:monthly|quarterly|annual|annually|yearly)(?: {_NOUN})?"
#: A space, or a hyphen or dash or one of these marks with or without spaces.
_LINK: Final = r"(?: ?[{}\u2013\u2014-] ?| )"
_NAME: Final = "|".join(
    rf"{family}{_LINK.format(':') if tier else ''}{tier}"
    for family, tiers in _TIERS.items()
    for tier in ("", *tiers)
)
_FORM: Final = re.compile(
    rf"(?:linkedin )?(?P<name>{_NAME})(?: {_NOUN})?"
    rf"(?:{_LINK.format(',:')}{_PERIOD}| ?\({_PERIOD}\))?",
    re.IGNORECASE | re.ASCII,
)
#: What is no Premium subscription; free words may follow, if none of them may be Premium.
_OTHER: Final = re.compile(
    r"(?:linkedin )?(?:premium company page|company page|hiring pro|learning|ads?|advertising"
    r"|sponsored (?:content|messaging|inmail)|campaign manager|promoted jobs?"
    r"|job (?:posts?|postings?|slots?))\b(?P<rest>.*)",
    re.IGNORECASE | re.ASCII,
)
_MAY_BE_PREMIUM: Final = re.compile(
    r"premium|career|business|navigator|recruiter|seeker|plus", re.IGNORECASE
)
_REFUND: Final = re.compile(
    r"(?:linkedin )?(?:refund|refunded|chargeback|reversal|reversed|credit (?:note|memo))\b",
    re.IGNORECASE | re.ASCII,
)
#: One number: `35.99`, `35,99`, `1,234.56`, `1.234,56`, `1'234.56`. A space would make two of it.
_AMOUNT: Final = (
    r"(?:\d{1,9}(?:[.,]\d{1,4})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,4})?"
    r"|\d{1,3}(?:['\u2019\u00a0\u202f]\d{3})+(?:[.,]\d{1,4})?)"
)
_PLAIN: Final = re.compile(_AMOUNT, re.ASCII)
_NEGATIVE: Final = re.compile(rf"[-\u2212]{_AMOUNT}|{_AMOUNT}[-\u2212]|\({_AMOUNT}\)", re.ASCII)
#: No text in a known form is longer.
_MOST: Final = 200


@frozen
class Product:
    """What a description says was paid for."""

    plans: tuple[str, ...] = ()
    """The plans that it may be, if the whole description names a Premium product."""
    reason: str | None = None
    """Why it makes no span: it names a refund, or another product."""


def product(description: str) -> Product:
    """What was paid for, if the whole description is in a known form.

    >>> product("LinkedIn Sales Navigator Core, annual").plans
    ('sales_navigator_core',)
    >>> product("Recruiter").plans
    ('recruiter_lite', 'recruiter_corporate', 'recruiter_professional')
    >>> product("Premium Career, 2 seats"), product("LinkedIn Learning").reason
    (Product(plans=(), reason=None), 'other-product')
    """
    text = " ".join(description[: _MOST + 1].split())
    if _REFUND.match(text):
        return Product(reason="refund")
    if len(description) > _MOST:
        return Product()
    form = _FORM.fullmatch(text)
    if form:
        words = " ".join(re.findall("[a-z]+", form["name"].lower()))
        family = next(family for family in _TIERS if words.startswith(family))
        tiers, tier = _TIERS[family], words[len(family) + 1 :]
        if tier in tiers:
            return Product((tiers[tier],))
        return Product(_ALL_PLANS if family == "premium" else tuple(dict.fromkeys(tiers.values())))
    other = _OTHER.fullmatch(text)
    if other and not _MAY_BE_PREMIUM.search(other["rest"]):
        return Product(reason="other-product")
    return Product()


def is_paid(total: str, *parts: str) -> bool:
    """Whether a total is plainly a positive amount, and none of its parts says otherwise.

    >>> is_paid("35.99", "29.99", "6.00"), is_paid("1.234,56 €"), is_paid("35.99", "-35.99")
    (True, True, False)
    >>> [is_paid(total) for total in ("", "0.00", "29.99-", "29.99 CR", "29.99 / 35.99")]
    [False, False, False, False, False]
    """
    return _is_amount(total) and bool(re.search(r"[1-9]", total)) and all(map(_is_amount, parts))


def is_refunded(total: str) -> bool:
    """Whether a total is plainly a negative amount.

    >>> [is_refunded(total) for total in ("-35.99", "(35.99)", "35,99-", "35.99", "-")]
    [True, True, True, False, False]
    """
    return len(total) <= _MOST and _NEGATIVE.fullmatch(total.strip()) is not None


def _is_amount(text: str) -> bool:
    """Whether a text is one number without a sign. One sign of a currency may stand beside it."""
    if len(text) > _MOST:
        return False
    plain = text.strip()
    for end in (plain[:1], plain[-1:]):
        if end and unicodedata.category(end) == "Sc":
            plain = (plain[1:] if plain.startswith(end) else plain[:-1]).strip()
            break
    return _PLAIN.fullmatch(plain) is not None
