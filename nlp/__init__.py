"""Understanding residents' messages: pure functions over an immutable lexicon, no I/O after load."""

from nlp.apart import danger_apart
from nlp.judge import judge
from nlp.judgement import Intent, Judgement, Match, PlaceFound, Scored, Topic, Urgency
from nlp.lexicon import Keyword, Lexicon
from nlp.pack import Pack, PackCategory, load_pack
from nlp.places import Gazetteer

__all__ = [
    "Gazetteer",
    "Intent",
    "Judgement",
    "Keyword",
    "Lexicon",
    "Match",
    "Pack",
    "PackCategory",
    "PlaceFound",
    "Scored",
    "Topic",
    "Urgency",
    "danger_apart",
    "judge",
    "load_pack",
]
