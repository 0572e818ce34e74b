"""A table of transitions allows what stands in it and nothing else, and says what is allowed."""

import pytest

from yidi.values.terms import Term
from yidi.values.transitions import IllegalMove, Transitions


class Light(Term):
    RED = "red", "红", "red"
    GREEN = "green", "绿", "green"
    OUT = "out", "灭", "out"


class Kind(Term):
    CROSSING = "crossing", "路口", "crossing"


TABLE = Transitions(Kind.CROSSING, {Light.RED: (Light.GREEN, Light.OUT), Light.GREEN: (Light.RED,)})


@pytest.mark.parametrize("now", list(Light))
@pytest.mark.parametrize("wanted", list(Light))
def test_only_what_the_table_says(now: Light, wanted: Light) -> None:
    if wanted in TABLE.table.get(now, ()):
        TABLE.check("7", now, wanted)
        return
    with pytest.raises(IllegalMove) as refused:
        TABLE.check("7", now, wanted)
    assert "路口 7" in refused.value.message
    assert f"“{now.zh}”" in refused.value.message
    assert f"“{wanted.zh}”" in refused.value.message


@pytest.mark.parametrize(
    ("now", "said", "english"),
    [(Light.RED, "绿、灭", "green, out"), (Light.GREEN, "红", "red"), (Light.OUT, "无", "nothing")],
)
def test_a_refusal_says_what_is_allowed(now: Light, said: str, english: str) -> None:
    with pytest.raises(IllegalMove, match=f"此时可以：{said}。") as refused:
        TABLE.check("7", now, now)
    assert refused.value.english == (
        f"The crossing 7 is “{now.en}” and cannot become “{now.en}”; allowed now: {english}. "
        "Reload and check its state."
    )
