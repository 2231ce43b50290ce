"""Plain English: words in a row, articles, numbers of things, capitals."""

import re
from collections.abc import Sequence
from typing import Final

#: Words that begin with an open sound. `use` and `unit` begin as `you` does, and so with none.
_OPEN: Final = re.compile(r"(?i)(?!eu|one|uni(?![dmn])|us[eu]|uti)[aeiou]|heir|honest|hono|hour")


def listed(words: Sequence[str], last: str = "and") -> str:
    """Several words in a row.

    >>> listed(["an InMail", "sent in May", "shared in June"])
    'an InMail, sent in May and shared in June'
    """
    if len(words) < 2:
        return words[0] if words else ""
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def a(noun: str) -> str:
    """A noun with its article.

    >>> a("message"), a("entry"), a("use of Zoom"), a("uninsured claim"), a("hour"), a("SMS")
    ('a message', 'an entry', 'a use of Zoom', 'an uninsured claim', 'an hour', 'an SMS')
    """
    word = noun.partition(" ")[0]
    starts_open = bool(_OPEN.match(noun))
    if len(word) > 1 and word.isupper() and not set(word[1:]) & set("AEIOU"):
        starts_open = word[0] in "AEFHILMNORSX"  # it is said letter by letter
    return f"{'an' if starts_open else 'a'} {noun}"


def counted(count: int, one: str, several: str = "") -> str:
    """So many of something.

    >>> counted(1, "more reason"), counted(2, "more reason"), counted(1200, "entry", "entries")
    ('1 more reason', '2 more reasons', '1,200 entries')
    """
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def sentence(words: str) -> str:
    """Words with a capital and a full stop."""
    return capital(words) + "." * (words[-1:] not in ("", ".", "!", "?"))


def capital(words: str) -> str:
    """Words that begin with a capital."""
    return words[:1].upper() + words[1:]


def uncapital(words: str) -> str:
    """Words that begin with no capital, but for a name that has another one.

    >>> uncapital("Driver accounts"), uncapital("SMS messages"), uncapital("PayPal payments")
    ('driver accounts', 'SMS messages', 'PayPal payments')
    """
    rest = words.partition(" ")[0][1:]
    return words[:1].lower() + words[1:] if rest == rest.lower() else words
