"""What was asked and said so far, each with a button to say something else.

The words are those of `interview.transcript`; here they become a list and its buttons.
"""

from typing import Final

from eligibility.interview import Interview
from eligibility.interview.transcript import said_so_far
from eligibility.text.markup import Html, tag
from eligibility.web.screens.forms import button

#: The id of the list of answers.
SAID: Final = "said"


def answers_part(interview: Interview) -> Html:
    """The list of answers; each button says, to those who hear it alone, what it changes."""
    rows = []
    for each in said_so_far(interview):
        about = tag("span", f": {each.asked}", class_="unseen")
        name = f"{each.question}#{each.time}"
        change = tag("button", "Change", about, type="submit", name="change", value=name)
        inside = tag("dt", each.asked), tag("dd", each.said), tag("dd", change, class_="act")
        rows.append(tag("div", *inside))
    words = "What you said after a changed answer stays, wherever the same is asked again."
    return tag("div", tag("dl", *rows, class_="answers"), tag("p", words, class_="hint unprinted"))


def back_button(interview: Interview) -> list[Html]:
    """The button that takes the last answer back, if there is one."""
    return [button("Back", "back", "plain")] if interview.replies else []
