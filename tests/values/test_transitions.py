"""A table of transitions allows what stands in it and nothing else, and says what is allowed."""

import pytest

from yidi.values.terms import Term
from yidi.values.transitions import IllegalMove, Transitions


class Light(Term):
    RED = "red", "红", "red"
    GREEN = "green", "绿", "green"
    OUT = "out", "灭", "out"


TABLE = Transitions({Light.RED: (Light.GREEN, Light.OUT), Light.GREEN: (Light.RED,)})


@pytest.mark.parametrize("now", list(Light))
@pytest.mark.parametrize("wanted", list(Light))
def test_only_what_the_table_says(now: Light, wanted: Light) -> None:
    if wanted in TABLE.table.get(now, ()):
        TABLE.check("路口 7", now, wanted)
        return
    with pytest.raises(IllegalMove) as refused:
        TABLE.check("路口 7", now, wanted)
    assert "路口 7" in refused.value.message
    assert f"“{now.zh}”" in refused.value.message
    assert f"“{wanted.zh}”" in refused.value.message


@pytest.mark.parametrize(("now", "said"), [(Light.RED, "绿、灭"), (Light.GREEN, "红"), (Light.OUT, "无")])
def test_a_refusal_says_what_is_allowed(now: Light, said: str) -> None:
    with pytest.raises(IllegalMove, match=f"此时可以：{said}。"):
        TABLE.check("路口 7", now, now)
