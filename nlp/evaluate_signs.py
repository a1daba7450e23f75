"""Judge intents or alarms on a labelled file: `python -m nlp.evaluate_signs FILE`.

Lines are message TAB intent, or message TAB 1 or 0 (danger now) TAB kind of danger; more columns are ignored,
and so are blank lines and those that begin with #. Messages are judged as the product does, by the whole of
`judge` with a shipped pack. Prints figures, then every message that was judged otherwise.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from nlp.judge import judge
from nlp.judgement import Intent, Urgency
from nlp.pack import load_pack
from nlp.tables import rows

_DANGER = {"0", "1"}

Row = tuple[str, str, str]


def read_rows(path: Path) -> list[Row]:
    """(message, label, kind) of each line; the kind is "" where there is none.

    Raises: ValueError for a file without lines, or with a label that is neither an intent nor 0 or 1.
    """
    found = [(columns[0], columns[1].strip(), (*columns[2:3], "")[0].strip()) for _, columns in rows(path)]
    unknown = {label for _, label, _ in found} - _DANGER - set(Intent)
    if unknown or not found:
        raise ValueError(f"{path}: {', '.join(sorted(unknown)) or 'no lines'}")
    return found


def intents(given: Sequence[Row]) -> Iterator[str]:
    """Lines on intents: the share that is right, in all and by label, and what was judged otherwise."""
    lexicon = load_pack("village").lexicon()
    judged = [judge(text, lexicon).intent for text, _, _ in given]
    labelled = Counter(label for _, label, _ in given)
    right = Counter(label for (_, label, _), guess in zip(given, judged, strict=True) if guess == label)
    yield f"accuracy {right.total() / len(given):.4f} of {len(given)}"
    yield from (f"  {label} {right[label] / labelled[label]:.3f} of {labelled[label]}" for label in labelled)
    for (text, label, _), guess in zip(given, judged, strict=True):
        if guess != label:
            yield f"{label} -> {guess}\t{text}"


def dangers(given: Sequence[Row]) -> Iterator[str]:
    """Lines on alarms: recall and precision, then by kind, and what was judged otherwise."""
    lexicon = load_pack("village").lexicon()
    told = [judge(text, lexicon).urgency for text, _, _ in given]
    danger = [(kind, alarm) for (_, label, kind), alarm in zip(given, told, strict=True) if label == "1"]
    caught = sum(alarm.urgent for _, alarm in danger)
    alarms = sum(alarm.urgent for alarm in told)
    yield f"recall {caught / max(1, len(danger)):.4f} of {len(danger)}"
    yield f"precision {caught / max(1, alarms):.4f} of {alarms}; {len(given) - len(danger)} without danger"
    for kind in dict.fromkeys(kind for kind, _ in danger):
        yield _kind(kind, [alarm for its, alarm in danger if its == kind])
    for (text, label, kind), alarm in zip(given, told, strict=True):
        if alarm.urgent != (label == "1"):
            yield f"{'false ' if alarm.urgent else 'missed'}\t{kind}\t{text}\t{' '.join(alarm.matched)}"


def _kind(kind: str, alarms: Sequence[Urgency]) -> str:
    """How many of a kind were alarms, how often each number came first, how often self-harm was seen."""
    first = Counter(alarm.numbers[0] for alarm in alarms if alarm.numbers)
    numbers = ", ".join(f"{number} first {times}" for number, times in first.most_common())
    seen = sum(alarm.self_harm for alarm in alarms)
    return f"  {kind} {sum(alarm.urgent for alarm in alarms)} of {len(alarms)}; {numbers}; self-harm {seen}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 2 for a file that cannot be used, with the reason on standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m nlp.evaluate_signs", description="Judge intents or alarms."
    )
    parser.add_argument("file", type=Path, help="message TAB intent, or message TAB 0 or 1 TAB kind")
    path = parser.parse_args(arguments).file
    try:
        given = read_rows(path)
    except (OSError, ValueError, IndexError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    lines = dangers(given) if {label for _, label, _ in given} <= _DANGER else intents(given)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
