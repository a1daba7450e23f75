"""What understanding a message results in: plain frozen values, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from nlp.addresses import Part


class Intent(StrEnum):
    """What the resident wants with a message."""

    DIFFICULTY = "difficulty"
    SUGGESTION = "suggestion"
    QUESTION = "question"
    GREETING = "greeting"
    THANKS = "thanks"
    PROGRESS = "progress"
    SIGNUP = "signup"
    CANCEL = "cancel"
    HUMAN = "human"
    MENU_CHOICE = "menu_choice"
    NOISE = "noise"

    @property
    def is_appeal(self) -> bool:
        """Whether such a message is filed: it tells a difficulty, a suggestion or a question."""
        return self in (Intent.DIFFICULTY, Intent.SUGGESTION, Intent.QUESTION)

    @property
    def has_category(self) -> bool:
        """Whether it matters what such a message is about: a wish that no offering meets is filed, too."""
        return self.is_appeal or self is Intent.SIGNUP


@dataclass(frozen=True, slots=True)
class Scored:
    """A category with its score; only scores of one message compare."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """A keyword found in the message, with what it added to its category's score."""

    keyword: str
    category: str
    weight: float


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place named in the message.

    `text` is as written. `name` and `grid_ids` come from the gazetteer: several ids mean that the name
    is ambiguous (or that two places are named), none that only the shape of the words (3栋2单元) tells that
    it is a place. `parts` are its numbered parts, `tidy` is the text with these and the name written in one
    way (３栋２单元５０１ → 3栋2单元501室); both follow from the text and do not count in comparisons.
    """

    text: str
    name: str | None = None
    grid_ids: tuple[int, ...] = ()
    parts: tuple[Part, ...] = field(default=(), compare=False)
    tidy: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Topic:
    """One of several matters in a message: its category and the clauses that belong to it, as written.

    `sure`: whether another category is out of the question; that it is a matter of its own is sure anyway.
    """

    code: str
    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Urgency:
    """Whether somebody is in danger now, whom to call (the fitting number first), and which words say so.

    `faint`: an alarm for safety's sake, the words may as well be circumstances of something else (看不见路).
    """

    urgent: bool = False
    numbers: tuple[str, ...] = ()
    self_harm: bool = False
    matched: tuple[str, ...] = ()
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that is understood of one message.

    `margin` runs from 0 (two categories tie) to 1; `sure` says whether it is high enough to dispatch
    without asking back. `category` is None for messages that neither tell nor wish something, and where
    nothing matched.
    `doubtful`: no appeal by its words alone, but not clearly small talk either (拖拉机拉来的).
    """

    intent: Intent
    category: str | None
    ranked: tuple[Scored, ...]
    margin: float
    sure: bool
    urgency: Urgency
    place: PlaceFound | None
    topics: tuple[Topic, ...]
    matched: tuple[Match, ...]
    conduct: bool
    lexicon_version: str
    doubtful: bool = False
