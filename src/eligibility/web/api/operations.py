"""What each path does: what was asked goes in, an answer goes out. Nothing is kept between two."""

import json
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import attrs
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError

from eligibility.api import survey, write_letter
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import InvalidHistory, Problem, json_text, shown
from eligibility.facts.problems import problems_of
from eligibility.interview.knowable import KNOWERS
from eligibility.interview.session import Interview
from eligibility.linkedin import read_archive
from eligibility.linkedin.codes import refusal
from eligibility.text.letter_html import letter_page
from eligibility.values.timeline import COURT_ZONE
from eligibility.values.truth import Status
from eligibility.verdict.document import VerdictDocument
from eligibility.verdict.record import Verdict, evaluate
from eligibility.web.api.documents import (
    SAID,
    Change,
    Chosen,
    Dated,
    Said,
    Undo,
    class_document,
    interview_data,
    status_data,
)
from eligibility.web.api.problems import answer
from eligibility.web.api.requests import Asked, Offer

#: What is left to do, where it may take far longer than what was done.
Rest: TypeAlias = Callable[[], Response]
#: One path: what was asked, answered.
Operation: TypeAlias = Callable[[Offer, Asked], Response | Rest]

_DIALECT: Final = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
#: How a letter can be had, the default first.
LETTER_FORMS: Final = ("html", "json", "pdf")
#: The header with the owner's address: a query would stand in the server's log.
OWNER_HEADER: Final = "x-owner-profile-url"
_NO_FORM: Final = (
    "Send the archive itself as the body, and no form: `curl --data-binary @export.zip`. "
    "A form would be written to disk."
)


def decide(offer: Offer, asked: Asked) -> Response | Rest:
    """A history in, a verdict out."""
    verdict = _verdict(offer, asked)

    def explained() -> Response:
        return answer(verdict.to_json())

    # of an open one, what to ask is looked for
    return explained if verdict.status is Status.INDETERMINATE else explained()


def decide_in_short(offer: Offer, asked: Asked) -> Response:
    """A history in, its status out, for whoever asks for nothing more: it costs far less."""
    return answer(json_text(status_data(_verdict(offer, asked))))


def under_every_reading(offer: Offer, asked: Asked) -> Response:
    """A history in, its status under every reading of the case out, and what it depends on."""
    supposing = offer.supposition_for(asked)
    asked.refuse_others(())
    return answer(json_text(survey(offer.history_for(asked), supposing=supposing).to_dict()))


def _verdict(offer: Offer, asked: Asked) -> Verdict:
    supposing = offer.supposition_for(asked)
    definition = offer.definition_for(asked)
    return evaluate(offer.history_for(asked), definition, supposing=supposing)


def letter(offer: Offer, asked: Asked) -> Response:
    """A history in, the letter about it out."""
    form = asked.one_of("form", LETTER_FORMS, LETTER_FORMS[0])
    supposing = offer.supposition_for(asked)
    definition = offer.definition_for(asked)
    written = write_letter(offer.history_for(asked), definition, supposing=supposing)
    if form == "json":
        return answer(written.to_json())
    if form == "pdf":
        from eligibility.pdf import letter_pdf  # noqa: PLC0415 - heavy, and an extra of its own

        return answer(letter_pdf(written), "application/pdf")
    page = answer(letter_page(written), "text/html; charset=utf-8")
    del page.headers["content-security-policy"]  # the page has its own, which allows its style
    return page


def begin(offer: Offer, asked: Asked) -> Response:
    """A history in, the first question of an interview out."""
    supposing = offer.supposition_for(asked)
    knower = asked.one_of("knower", KNOWERS, "claimant")
    definition = offer.definition_for(asked)
    history = offer.history_for(asked)
    begun = Interview.start(history, definition, supposing=supposing, knower=knower)  # type: ignore[arg-type]  # it is one of KNOWERS
    return _as_it_stands(begun)


def go_on(offer: Offer, asked: Asked) -> Response:
    """A saved interview and what was said in, the next question out, or the verdict."""
    definition = offer.definition_for(asked)
    data = asked.trying(lambda: _parts_of(offer.object_for(asked)))
    asked.checked()
    assert data is not None  # noqa: S101 - or there was a problem, which was raised
    saved, said = data
    return _as_it_stands(_after(_taken_up(saved, definition, offer), said))


def archive(offer: Offer, asked: Asked) -> Response:
    """An export archive in, its history and how it was read out."""
    if asked.headers.get("content-type", "").startswith("multipart/"):
        raise refusal("archive-not-a-zip", hint=_NO_FORM)
    zone = asked.words.pop("time_zone", COURT_ZONE)
    asked.refuse_others(("time_zone",))
    asked.checked()
    reading = read_archive(
        asked.body,
        owner_profile_url=asked.headers.get(OWNER_HEADER),
        time_zone=zone,
        limits=offer.bounds.unpacked,
    )
    history = reading.history.model_dump(mode="json", exclude_none=True)
    return answer(json_text({"history": history, "report": reading.report.to_dict()}))


def define(offer: Offer, asked: Asked) -> Response:
    """The definition, under the reading that the query chooses."""
    definition = offer.definition_for(asked)
    asked.checked()
    suppositions = tuple(offer.suppositions.values())
    found = class_document(definition, dict(offer.dimensions), suppositions)
    return answer(json_text(found.model_dump(mode="json")))


def history_schema(offer: Offer, asked: Asked) -> Response:
    """The JSON Schema of a history."""
    return _schema(asked, offer.model)


def verdict_schema(_offer: Offer, asked: Asked) -> Response:
    """The JSON Schema of a verdict."""
    return _schema(asked, VerdictDocument)


def _schema(asked: Asked, model: type[BaseModel]) -> Response:
    asked.refuse_others(())
    asked.checked()
    return answer(json_text(_DIALECT | model.model_json_schema()))


# ---- an interview ------------------------------------------------------------------------------


def _as_it_stands(interview: Interview) -> Response:
    return answer(json_text(interview_data(interview, json.loads(interview.to_json()))))


def _parts_of(data: dict[str, Any]) -> tuple[dict[str, Any], Said | None]:
    """The saved interview of a body, and what was said to it; with all that is wrong with both."""
    found = [
        Problem("unknown-key", shown(key), f"`{shown(key)}` is no key that can stand here.", _KEYS)
        for key in data.keys() - {"interview", "say"}
    ]
    saved, said = data.get("interview"), None
    if not isinstance(saved, dict):
        code = "wrong-type" if "interview" in data else "missing"
        found.append(Problem(code, "interview", "This must be a saved interview.", _KEYS))
        saved = {}
    if data.get("say") is not None:
        try:
            said = _said(data["say"])
        except InvalidHistory as error:
            found += error.problems
    if found:
        raise InvalidHistory(found)
    return saved, said


_KEYS: Final = 'Write `{"interview": …, "say": {"chosen": [0]}}`, with the interview as you got it.'
_SAY: Final = (
    'Write one of `{"chosen": [0]}`, `{"date": "2021-03"}`, `{"dont_know": true}`, '
    '`{"undo": true}`, `{"change": "id of the question"}`.'
)


def _said(data: Any) -> Said:
    kinds = [key for key in SAID if isinstance(data, dict) and key in data]
    if len(kinds) != 1:
        words = "This must say exactly one thing."
        raise InvalidHistory([Problem("wrong-type", "say", words, _SAY)])
    try:
        return SAID[kinds[0]].model_validate(data)
    except ValidationError as error:
        raise InvalidHistory(
            attrs.evolve(each, path=f"say.{each.path}" if each.path else "say")
            for each in problems_of(error)
        ) from None


def _taken_up(saved: dict[str, Any], definition: ClassDefinition, offer: Offer) -> Interview:
    """The interview that was saved, if it supposes what is offered here.

    What is supposed stands in it with its words. Somebody may have put others there, and a verdict
    would then suppose what nobody alleges.
    """
    supposed = saved.get("supposing")
    known = [json.loads(json.dumps(attrs.asdict(each))) for each in offer.suppositions.values()]
    if supposed is not None and supposed not in known:
        words = "It supposes something that is not alleged here."
        hint = "Send the interview as you got it."
        raise InvalidHistory([Problem("not-an-interview", "interview.supposing", words, hint)])
    if saved.get("knower") not in KNOWERS:
        words = "It asks nobody who can be asked."
        hint = f"There are {', '.join(KNOWERS)}."
        raise InvalidHistory([Problem("not-an-interview", "interview.knower", words, hint)])
    return Interview.from_json(json.dumps(saved), definition)


def _after(interview: Interview, said: Said | None) -> Interview:
    match said:
        case None:
            return interview
        case Chosen(chosen=chosen, rest=rest):
            return interview.answer(*chosen, rest=rest)
        case Dated(date=date):
            return interview.date(date)
        case Undo():
            return interview.undo()
        case Change(change=question, time=time):
            return interview.change(question, time)
        case _:
            return interview.dont_know()
