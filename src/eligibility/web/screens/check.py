"""A self-check from its first screen to its result: what is shown, and what each button does.

A form's fields and files come in, by `send`; the next screen goes out, as `html`. It keeps no
session and changes nothing: each step gives another check. Whatever shows it (a browser that runs
this very code, a server) carries events to and fro, and knows nothing of what they mean.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError
from eligibility.facts.model import History
from eligibility.facts.read import MOST_BYTES
from eligibility.facts.records import MY_ACCOUNT
from eligibility.facts.supposition import Supposition
from eligibility.interview import Interview
from eligibility.rules import AS_ALLEGED, class_definition
from eligibility.web.screens import kept, outcome, start
from eligibility.web.screens.archives import Archive, Progress, archive_of
from eligibility.web.screens.asked import question_screen
from eligibility.web.screens.fields import NOTHING, Fields, Files, Sent
from eligibility.web.screens.findings import Findings
from eligibility.web.screens.forms import Posts, Wrong
from eligibility.web.screens.frame import framed
from eligibility.web.screens.given import NOT_GIVEN, Given, given_box
from eligibility.web.screens.kept import File
from eligibility.web.screens.picking import TURNS, turned
from eligibility.web.screens.replying import replied, said_there, without_old_date

#: The field of a page that carries the check itself, for a server that keeps nothing.
CARRIED: Final = "carried"


@frozen
class SelfCheck:
    """Whether somebody fits the description of a class, asked and answered screen by screen.

    >>> check = SelfCheck.start().send({"do": ["begin"]})
    >>> check.title
    'Did you have LinkedIn Premium at any time before 18 September 2024?'
    >>> check.send({"do": ["continue"], "answer": ["1"]}).title
    'The result of your self-check'

    Args:
        definition: the class.
        supposing: what is alleged: its verdict stands beside the plain one.
        archive: what it may begin with; None if no archive of such accounts can be read.
        interview: what was asked and said; None on the first screen.
        given: what of an archive was read, and what could not be read.
        wrong: what is wrong with what was sent last, field by field.
    """

    definition: ClassDefinition
    supposing: Supposition | None
    archive: Archive | None
    interview: Interview | None = None
    given: Given = field(default=NOT_GIVEN)
    wrong: tuple[Wrong, ...] = ()
    _sent: Sent = field(default=NOTHING, repr=False)
    _asks_to_restart: bool = False
    _shows: tuple[str, ...] = ()
    _found: Findings | None = field(default=None, repr=False, eq=False)

    @classmethod
    def start(
        cls,
        definition: ClassDefinition | None = None,
        supposing: Supposition | None = None,
        archive: Archive | None = None,
    ) -> "SelfCheck":
        """The first screen.

        Without a definition it is that of De La Torre v. LinkedIn, beside which stands what
        follows supposing what the complaint alleges. Without an archive it is the one that
        accounts of this kind have, if any.
        """
        if definition is None:
            definition, supposing = class_definition(), supposing or AS_ALLEGED
        return cls(definition, supposing, archive or archive_of(definition.model))

    # ---- what is shown -------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """What the screen is about, for the title of the page."""
        if self._asks_to_restart:
            words = start.RESTART
        elif self.interview is None:
            words = start.TITLE
        else:
            question = self.interview.question
            words = question.text if question else outcome.TITLE
        return words if all(each.asks for each in self.wrong) else f"Error: {words}"

    @property
    def html(self) -> str:
        """The screen, as what stands inside `<main>`."""
        return self.page()

    def page(self, action: str | None = None, *, carries: bool = False) -> str:
        """The screen for a server: where its forms are posted to, and whether they carry it.

        A form that carries the check has it in the field `carried`, for `taken_up`.
        """
        carried = {CARRIED: self.saved} if carries and self.interview else {}
        posts = Posts(action, carried)
        if self._asks_to_restart:
            parts = start.restart_screen(posts)
        elif self.interview is None:
            parts = start.start_screen(self.definition, self.archive, posts, self.wrong)
        elif question := self.interview.question:
            given = () if self.interview.replies else given_box(self.given)
            asked = question_screen(self.interview, question, posts, self._sent, self.wrong)
            parts = [*given, *asked]
        else:
            found = self._found or Findings(self.interview)
            parts = outcome.outcome_screen(found, posts, self.given, self._shows, self.wrong)
        return framed(self.definition, parts)

    # ---- what is sent --------------------------------------------------------------------------

    def send(
        self, fields: Fields, files: Files | None = None, progress: Progress | None = None
    ) -> "SelfCheck":
        """The check after a form was sent: the button's `do` or `change`, the fields, the files.

        What does not fit is said on the screen that comes back, and nothing is lost by it. Files
        are paths; `progress` is told how many bytes of an archive were read so far. A button that
        asks for a file (`download`) leaves the screen as it is.
        """
        sent = Sent(fields, files or {})
        check = evolve(self, wrong=(), sent=NOTHING, asks_to_restart=False, shows=())
        match sent.one("do"):
            case _ if sent.one("download"):
                return evolve(check, sent=sent.draft)
            case "keep":
                return check
            case "restart":
                return evolve(check, asks_to_restart=True)
            case ("readings" | "points") as part:
                return evolve(check, shows=(*(each for each in self._shows if each != part), part))
            case "restart-now":
                return self.start(self.definition, self.supposing, self.archive)
            case "begin" | "begin-archive" | "resume":
                return begun(check, sent, progress)
            case do if do in TURNS:
                return evolve(check, sent=turned(sent, do))
        if self.interview is None:
            return check
        sent = without_old_date(sent, self._sent)
        after = replied(self.interview, sent)
        if isinstance(after, Interview):
            return evolve(self._at(after), sent=said_there(self.interview, after))
        return evolve(check, wrong=after, sent=sent.draft)

    def as_answered(self, later: "SelfCheck") -> "SelfCheck":
        """The same screen, its fields as they were sent to come to a later one."""
        if self.interview is None or later.interview is None or self.wrong:
            return self
        return evolve(self, sent=said_there(later.interview, self.interview))

    def begin(
        self, history: History, likely: Iterable[str] = (), not_read: Iterable[str] = ()
    ) -> "SelfCheck":
        """The check at its first question, with what a history says.

        `likely` are records to ask about first, `not_read` is what of an archive was not read.
        """
        interview = Interview.start(
            history, self.definition, supposing=self.supposing, likely=tuple(likely)
        )
        return self._at(interview, Given(not_read=tuple(not_read)))

    def _at(self, interview: Interview, given: Given | None = None) -> "SelfCheck":
        """Another screen, on which an interview stands; what follows from it is found once."""
        return SelfCheck(
            *(self.definition, self.supposing, self.archive, interview, given or self.given),
            found=Findings(interview),
        )

    # ---- what is taken along -------------------------------------------------------------------

    @property
    def saved(self) -> str:
        """The check as text, to be taken up again; nothing on the first screen."""
        return kept.written(self.interview, self.given.not_read) if self.interview else ""

    def taken_up(self, text: str | bytes) -> "SelfCheck":
        """The check that was saved as a file, or that a page carried.

        Raises:
            InvalidHistory: it is none that was saved here, about this class.
        """
        interview, not_read = kept.taken_up(text, self.definition, self.supposing)
        return self._at(interview, Given(not_read=not_read))

    @property
    def downloads(self) -> tuple[str, ...]:
        """The names of the files that there are: the values of buttons `download`."""
        return kept.NAMES if self.interview else ()

    def download(self, name: str) -> File:
        """A file to take along: its name, its media type, its bytes.

        Args:
            name: the value of a button `download`.

        Raises:
            KeyError: there is no such file, or nothing was said yet.
        """
        if self.interview is None:
            raise KeyError(name)
        found = self._found or Findings(self.interview)
        return kept.download(name, found, self.given.not_read)


def begun(check: SelfCheck, sent: Sent, progress: Progress | None) -> SelfCheck:
    """The check at its first question, or what is wrong with the file that it was to begin with."""
    name = {"begin-archive": "archive", "resume": "saved"}.get(sent.one("do"))
    if name is None:
        return check.begin(check.definition.model(account_id=MY_ACCOUNT))
    path = sent.files.get(name)
    if path is None:
        return evolve(check, wrong=(Wrong(name, "Choose the file first."),))
    try:
        return _begun_with(check, name, Path(path), progress)
    except OSError:
        words: tuple[str, ...] = (kept.NOT_READABLE,)
    except EligibilityError as error:
        refused = check.archive.refused if check.archive and name == "archive" else kept.refused
        words = kept.mixed_up(name, Path(path), check.archive) or refused(error)
    return evolve(check, wrong=tuple(Wrong(name, each) for each in words))


def _begun_with(check: SelfCheck, name: str, path: Path, progress: Progress | None) -> SelfCheck:
    if not path.stat().st_size:  # so a browser shows a file that is no more where it was chosen
        raise FileNotFoundError(path)
    if name == "saved":
        with path.open("rb") as file:  # no more than is needed to see that it is too much
            return check.taken_up(file.read(MOST_BYTES + 1))
    if check.archive is None:
        return check
    read = check.archive.read(path, progress)
    begins = check.begin(read.history, read.likely)
    return evolve(begins, given=Given(read.found, read.not_read))
